-- A platform's own stock: items of its definitions, issued to their buyers and paid to the platform. A table of its
-- own, so that the market of the older clients, which shows listings, stays as it is.
create table newday.stock_offers (
  id text not null constraint stock_offers_pkey primary key,
  platform text not null,
  definition_id uuid not null constraint stock_offers_definition_fk references newday.item_definitions (id),
  -- Per piece.
  currency text not null,
  price bigint not null,
  -- Pieces for sale in all; null: without end. `sold` counts in either case.
  stock bigint,
  sold bigint not null default 0,
  per_user_limit bigint,
  per_day_limit bigint,
  buyers text not null,
  status text not null default 'active',
  starts_at timestamptz,
  ends_at timestamptz,
  -- Counts the changes by the platform; `revision` counts sales too.
  version bigint not null default 1,
  created_at timestamptz not null,
  revision bigint not null default 1,
  constraint stock_offers_price_range check (price between 1 and 1000000000),
  constraint stock_offers_within_stock check (sold >= 0 and (stock is null or stock >= sold)),
  constraint stock_offers_buyers_known check (buyers in ('platform', 'all')),
  constraint stock_offers_status_known check (status in ('active', 'paused', 'ended')),
  constraint stock_offers_window check (starts_at < ends_at)
);
create index stock_offers_platform on newday.stock_offers (platform, id);
create trigger stock_offers_edited before update on newday.stock_offers
  for each row when (new.revision = old.revision) execute function newday.count_revision();

-- Written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''purchases''', '''purchases'', ''stock_offers''');
end $$;
select newday.grant_roles();
