-- The schema of New Day before the repair, foreign keys and their published names included
-- (CONTRACT.md section 12). A database that already holds the legacy tables is left as it is: it is
-- the input of `newday repair` and `newday adopt`, and this row of the ledger only says so.
do $legacy$
begin
if to_regclass('public.wallets') is not null or to_regclass('public.players') is not null then
  return;
end if;

set local search_path = public, pg_catalog;

create table players (
  id text primary key default gen_random_uuid(),
  nickname varchar(64) not null,
  preferences jsonb,
  total_adventures integer not null default 0,
  memory_fragments_collected integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz
);
create table wallets (
  id text primary key default gen_random_uuid(),
  user_id text not null,
  game_coins integer not null default 1000,
  cash_balance integer not null default 0,
  computing_power integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  constraint wallets_user_id_unique unique (user_id)
);
create table market_items (
  id text primary key default gen_random_uuid(),
  name varchar(128) not null,
  description text,
  category varchar(32) not null,
  rarity varchar(32) not null,
  price integer not null,
  currency varchar(32) not null default 'game_coins',
  seller_id text,
  seller_name varchar(64),
  game_source varchar(32) not null default 'New Day',
  status varchar(16) not null default 'active',
  listed_at timestamptz not null default now(),
  views integer not null default 0
);
create table transactions (
  id text primary key default gen_random_uuid(),
  buyer_id text not null,
  seller_id text,
  item_id text not null,
  price integer not null,
  commission integer not null default 0,
  total_amount integer not null,
  seller_receives integer not null,
  currency varchar(32) not null,
  transaction_type varchar(32) not null,
  created_at timestamptz not null default now()
);
create table user_inventories (
  id text primary key default gen_random_uuid(),
  user_id text not null,
  item_id text,
  item_name varchar(128) not null,
  item_description text,
  item_icon varchar(64),
  quantity integer not null default 1,
  obtained_from varchar(64),
  obtained_at timestamptz not null default now(),
  item_type varchar(32),
  item_rarity varchar(32)
);
create table daily_adventures (
  id text primary key default gen_random_uuid(),
  player_id text not null,
  title varchar(128) not null,
  created_at timestamptz not null default now()
);
create table adventure_items (
  id text primary key default gen_random_uuid(),
  player_id text not null,
  adventure_id text,
  item_name varchar(128) not null,
  item_description text,
  item_icon varchar(64),
  price integer not null default 0,
  effects jsonb,
  is_purchased boolean not null default false,
  is_used boolean not null default false,
  created_at timestamptz not null default now()
);

alter table wallets add constraint wallets_user_id_players_id_fk foreign key (user_id) references players(id) on delete cascade;
alter table market_items add constraint market_items_seller_id_players_id_fk foreign key (seller_id) references players(id);
alter table transactions add constraint transactions_buyer_id_players_id_fk foreign key (buyer_id) references players(id);
alter table transactions add constraint transactions_seller_id_players_id_fk foreign key (seller_id) references players(id);
alter table transactions add constraint transactions_item_id_market_items_id_fk foreign key (item_id) references market_items(id);
alter table user_inventories add constraint user_inventories_user_id_players_id_fk foreign key (user_id) references players(id) on delete cascade;
alter table user_inventories add constraint user_inventories_item_id_market_items_id_fk foreign key (item_id) references market_items(id);
alter table daily_adventures add constraint daily_adventures_player_id_players_id_fk foreign key (player_id) references players(id) on delete cascade;
alter table adventure_items add constraint adventure_items_player_id_players_id_fk foreign key (player_id) references players(id) on delete cascade;
alter table adventure_items add constraint adventure_items_adventure_id_daily_adventures_id_fk foreign key (adventure_id) references daily_adventures(id) on delete cascade;

-- Remembers that these tables are ours and were born empty, so that the server may repair and adopt
-- them by itself; a database with a past is repaired and adopted by its operator.
comment on table public.wallets is 'created by New Day migration 1';
end
$legacy$;
