-- The market: offers and what came of them.

-- remaining is null for stock that never runs out. item_id is the escrowed instance; official and
-- declared listings have none and issue the item when it is bought. prices: alternatives, currency
-- code -> minor units as text; currency and amount repeat the first one for sorting.
create table newday.listings (
  id text not null,
  kind text not null,
  sale_type text not null,
  platform text not null,
  seller_id text,
  seller_name text not null,
  definition_id uuid not null,
  item_id text,
  prices jsonb not null,
  currency text not null,
  amount bigint not null,
  remaining bigint,
  status text not null default 'active',
  per_user_limit bigint,
  per_day_limit bigint,
  pin smallint,
  views bigint not null default 0,
  listed_at timestamptz not null,
  expires_at timestamptz,
  revision bigint not null default 1,
  constraint listings_pkey primary key (id),
  constraint listings_definition_fk foreign key (definition_id)
    references newday.item_definitions (id),
  constraint listings_item_fk foreign key (item_id) references newday.items (id),
  constraint listings_kind_known check (kind in ('official', 'escrowed', 'declared')),
  constraint listings_sale_type_known check (
    sale_type in ('player_market', 'official_store', 'game_store')),
  constraint listings_status_known check (status in ('active', 'sold', 'removed', 'expired')),
  constraint listings_seller_known check ((kind = 'official') = (seller_id is null)),
  constraint listings_amount_range check (amount between 1 and 1000000000),
  constraint listings_remaining_range check (remaining between 0 and 1000000000),
  constraint listings_sold_is_empty check (status <> 'sold' or kind = 'official' or remaining = 0)
) with (fillfactor = 70);
create index listings_active on newday.listings (pin, listed_at desc, id) where status = 'active';
create index listings_seller on newday.listings (seller_id, listed_at desc);
-- An item is offered once at a time.
create unique index listings_escrowed_item on newday.listings (item_id)
  where status = 'active' and item_id is not null;

-- What was bought. The parts add up, whatever wrote the row (INCIDENTS.md C9); a row without
-- transfer is adopted history and says what the old server did.
create table newday.purchases (
  id text not null,
  transfer_id uuid,
  listing_id text not null,
  item_id text,
  buyer_id text not null,
  seller_id text,
  currency text not null,
  quantity bigint not null default 1,
  price bigint not null,
  commission bigint not null,
  total_amount bigint not null,
  seller_receives bigint not null,
  sale_type text not null,
  created_at timestamptz not null default statement_timestamp(),
  constraint purchases_pkey primary key (id),
  constraint purchases_adds_up check (
    transfer_id is null or (price >= 0 and commission >= 0
      and total_amount = price + commission and seller_receives = price)),
  constraint purchases_quantity_range check (quantity > 0)
);
create index purchases_buyer on newday.purchases (buyer_id, created_at desc);
create index purchases_seller on newday.purchases (seller_id, created_at desc)
  where seller_id is not null;
create trigger purchases_append_only before update or delete or truncate on newday.purchases
  for each statement execute function newday.refuse_change();

-- Adopted legacy tables stay readable; a write of an old server must not vanish unseen.
create function newday.refuse_frozen_write() returns trigger language plpgsql as $$
begin
  raise exception 'public.% was adopted by New Day and is read-only now', tg_table_name
    using errcode = 'ND003';
end $$;
