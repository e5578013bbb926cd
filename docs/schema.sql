-- The schema after every migration, read from the catalogue by `npm run generate`.
-- To read, not to run: databases are made by server/migrations.

create table newday.accounts (
  id bigint not null,
  balance bigint default 0 not null,
  held bigint default 0 not null,
  version bigint default 0 not null,
  revision bigint default 1 not null,
  minimum bigint default 0 not null,
  maximum bigint default '9007199254740991'::bigint not null,
  flags smallint default 0 not null,
  changed_at timestamp with time zone default statement_timestamp() not null,
  room text default repeat(' '::text, 116) not null,
  last_transfer uuid,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_flags CHECK (((flags >= 0) AND (flags <= 2047))),
  constraint accounts_held CHECK (((held >= 0) AND ((balance - held) >= minimum))),
  constraint accounts_maximum CHECK ((balance <= maximum)),
  constraint accounts_minimum CHECK ((balance >= minimum))
);
CREATE TRIGGER accounts_current_bounds AFTER INSERT ON newday.accounts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION newday.require_current_bounds();
CREATE TRIGGER accounts_permanent BEFORE DELETE OR TRUNCATE ON newday.accounts FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER accounts_posted_only BEFORE UPDATE ON newday.accounts FOR EACH STATEMENT WHEN ((current_setting('newday.posting'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_direct_change();

create table newday.adoptions (
  part text not null,
  report jsonb not null,
  adopted_at timestamp with time zone default now() not null,
  constraint adoptions_pkey PRIMARY KEY (part)
);

create table newday.currencies (
  number smallint not null,
  code text not null,
  scale smallint default 0 not null,
  minimum bigint default 0 not null,
  maximum bigint default '9007199254740991'::bigint not null,
  minters text[] default '{}'::text[] not null,
  created_at timestamp with time zone default now() not null,
  exposure bigint default 1000000 not null,
  constraint currencies_pkey PRIMARY KEY (number),
  constraint currencies_code_key UNIQUE (code),
  constraint currencies_bounds CHECK ((minimum <= maximum)),
  constraint currencies_code_form CHECK ((code ~ '^[a-z][a-z0-9_]{1,31}$'::text)),
  constraint currencies_exposure CHECK ((exposure >= 0)),
  constraint currencies_number_range CHECK ((number > 0)),
  constraint currencies_scale_range CHECK (((scale >= 0) AND (scale <= 18)))
);

create table newday.exchange_pairs (
  source_currency smallint not null,
  target_currency smallint not null,
  numerator bigint not null,
  denominator bigint not null,
  constraint exchange_pairs_pkey PRIMARY KEY (source_currency, target_currency),
  constraint exchange_pairs_source_fk FOREIGN KEY (source_currency) REFERENCES newday.currencies(number),
  constraint exchange_pairs_target_fk FOREIGN KEY (target_currency) REFERENCES newday.currencies(number),
  constraint exchange_pairs_distinct CHECK ((source_currency <> target_currency)),
  constraint exchange_pairs_rate CHECK (((numerator > 0) AND (denominator > 0)))
);

create table newday.holds (
  id uuid not null,
  account bigint not null,
  to_account bigint,
  amount bigint not null,
  captured bigint default 0 not null,
  state text default 'open'::text not null,
  expires_at timestamp with time zone,
  created_at timestamp with time zone default statement_timestamp() not null,
  revision bigint default 1 not null,
  constraint holds_pkey PRIMARY KEY (id),
  constraint holds_account_fk FOREIGN KEY (account) REFERENCES newday.accounts(id),
  constraint holds_amount CHECK (((amount > 0) AND ((captured >= 0) AND (captured <= amount)))),
  constraint holds_state CHECK ((state = ANY (ARRAY['open'::text, 'captured'::text, 'voided'::text, 'expired'::text])))
);
CREATE INDEX holds_expiry ON newday.holds USING btree (expires_at) WHERE (state = 'open'::text);
CREATE INDEX holds_open ON newday.holds USING btree (account) WHERE (state = 'open'::text);

create table newday.item_definitions (
  id uuid not null,
  name text not null,
  description text default ''::text not null,
  item_type text not null,
  rarity text not null,
  stats jsonb,
  icon text,
  image_url text,
  created_at timestamp with time zone default now() not null,
  constraint item_definitions_pkey PRIMARY KEY (id),
  constraint item_definitions_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  constraint item_definitions_rarity_known CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'rare'::text, 'epic'::text, 'legendary'::text]))),
  constraint item_definitions_type_known CHECK ((item_type = ANY (ARRAY['weapon'::text, 'armor'::text, 'accessory'::text, 'consumable'::text, 'material'::text, 'tool'::text, 'special'::text, 'skin'::text, 'pet'::text])))
);

create table newday.item_history (
  item_id text not null,
  version bigint not null,
  transfer_id uuid,
  action text not null,
  owner_id text not null,
  state text not null,
  quantity bigint not null,
  quantity_change bigint not null,
  issued bigint default 0 not null,
  recorded_at timestamp with time zone default statement_timestamp() not null,
  constraint item_history_pkey PRIMARY KEY (item_id, version),
  constraint item_history_issued_once CHECK (((issued = 0) OR (version = 1)))
);
CREATE TRIGGER item_history_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.item_history FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

create table newday.item_imports (
  owner_id text not null,
  source text not null,
  external_id text not null,
  item_id text not null,
  address text,
  imported_at timestamp with time zone default statement_timestamp() not null,
  constraint item_imports_pkey PRIMARY KEY (owner_id, source, external_id)
);

create table newday.item_merges (
  merged_id text not null,
  item_id text not null,
  reason text not null,
  legacy_row jsonb not null,
  merged_at timestamp with time zone default now() not null,
  unmerged_transfer_id uuid,
  constraint item_merges_pkey PRIMARY KEY (merged_id),
  constraint item_merges_item_fk FOREIGN KEY (item_id) REFERENCES newday.items(id)
);
CREATE INDEX item_merges_item ON newday.item_merges USING btree (item_id);

create table newday.item_receipts (
  request text not null,
  sequence bigint not null,
  transfer_id uuid not null,
  item_id text not null,
  quantity bigint not null,
  created_at timestamp with time zone default statement_timestamp() not null,
  constraint item_receipts_pkey PRIMARY KEY (request, sequence),
  constraint item_receipts_transfer_key UNIQUE (transfer_id)
);

create table newday.items (
  id text not null,
  owner_id text not null,
  definition_id uuid not null,
  state text not null,
  quantity bigint not null,
  version bigint not null,
  obtained_from text,
  source text,
  external_id text,
  allinone_item_id text,
  listing_id text,
  obtained_at timestamp with time zone not null,
  gift_from text,
  constraint items_pkey PRIMARY KEY (id),
  constraint items_id_length CHECK (((char_length(id) >= 1) AND (char_length(id) <= 300))),
  constraint items_quantity_range CHECK (((quantity >= 1) AND (quantity <= 1000000000))),
  constraint items_state_known CHECK ((state = ANY (ARRAY['offered'::text, 'owned'::text, 'escrowed'::text, 'exported'::text, 'used'::text, 'retired'::text])))
);
CREATE INDEX items_allinone ON newday.items USING btree (allinone_item_id) WHERE (allinone_item_id IS NOT NULL);
CREATE INDEX items_external ON newday.items USING btree (external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX items_owner ON newday.items USING btree (owner_id, obtained_at DESC, id DESC);
CREATE INDEX items_waiting ON newday.items USING btree (owner_id, obtained_at DESC, id DESC) WHERE (gift_from IS NOT NULL);
CREATE TRIGGER items_posted_only BEFORE UPDATE ON newday.items FOR EACH STATEMENT WHEN ((current_setting('newday.posting'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_direct_change();

create table newday.ledger_wallets (
  number bigint not null,
  id text not null,
  user_id text not null,
  platform text,
  role text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone,
  constraint wallets_pkey PRIMARY KEY (number),
  constraint wallets_id_key UNIQUE (id),
  constraint wallets_user_id_key UNIQUE (user_id),
  constraint wallets_number_range CHECK (((number >= 1) AND (number <= '140737488355327'::bigint))),
  constraint wallets_role_known CHECK ((role = ANY (ARRAY['mint'::text, 'fees'::text, 'escrow'::text, 'adjustments'::text, 'exchange'::text, 'adoption'::text]))),
  constraint wallets_role_reserved CHECK (((role IS NOT NULL) = (user_id ~~ 'system:%'::text)))
);

create table newday.limit_counters (
  id text not null,
  count bigint not null,
  revision bigint default 1 not null,
  constraint limit_counters_pkey PRIMARY KEY (id),
  constraint limit_counters_count CHECK ((count >= 0))
);

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
  status text default 'active'::text not null,
  per_user_limit bigint,
  per_day_limit bigint,
  pin smallint,
  views bigint default 0 not null,
  listed_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  revision bigint default 1 not null,
  starts_at timestamp with time zone,
  constraint listings_pkey PRIMARY KEY (id),
  constraint listings_definition_fk FOREIGN KEY (definition_id) REFERENCES newday.item_definitions(id),
  constraint listings_item_fk FOREIGN KEY (item_id) REFERENCES newday.items(id),
  constraint listings_amount_range CHECK (((amount >= 1) AND (amount <= 1000000000))),
  constraint listings_kind_known CHECK ((kind = ANY (ARRAY['official'::text, 'escrowed'::text, 'declared'::text]))),
  constraint listings_remaining_range CHECK (((remaining >= 0) AND (remaining <= 1000000000))),
  constraint listings_sale_type_known CHECK ((sale_type = ANY (ARRAY['player_market'::text, 'official_store'::text, 'game_store'::text]))),
  constraint listings_seller_known CHECK (((kind = 'official'::text) = (seller_id IS NULL))),
  constraint listings_sold_is_empty CHECK (((status <> 'sold'::text) OR (kind = 'official'::text) OR (remaining = 0))),
  constraint listings_status_known CHECK ((status = ANY (ARRAY['active'::text, 'sold'::text, 'removed'::text, 'expired'::text]))),
  constraint listings_window CHECK ((starts_at < expires_at))
);
CREATE INDEX listings_active ON newday.listings USING btree (pin, listed_at DESC, id) INCLUDE (platform, starts_at, expires_at) WHERE (status = 'active'::text);
CREATE UNIQUE INDEX listings_escrowed_item ON newday.listings USING btree (item_id) WHERE ((status = 'active'::text) AND (item_id IS NOT NULL));
CREATE INDEX listings_expiring ON newday.listings USING btree (expires_at) WHERE ((status = 'active'::text) AND (expires_at IS NOT NULL));
CREATE INDEX listings_featured ON newday.listings USING btree (COALESCE((pin)::integer, 32767), id) WHERE ((status = 'active'::text) AND (kind = 'official'::text));
CREATE INDEX listings_newest ON newday.listings USING btree (listed_at, id) WHERE (status = 'active'::text);
CREATE INDEX listings_priced ON newday.listings USING btree ((((prices ->> 'game_coins'::text))::bigint), id) WHERE (status = 'active'::text);
CREATE INDEX listings_seller ON newday.listings USING btree (seller_id, listed_at DESC);
CREATE TRIGGER listings_edited BEFORE UPDATE ON newday.listings FOR EACH ROW WHEN ((new.revision = old.revision)) EXECUTE FUNCTION newday.count_revision();

create table newday.operator_changes (
  id bigint generated always as identity not null,
  changed_at timestamp with time zone default now() not null,
  operator text not null,
  database_role text default SESSION_USER not null,
  what text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  constraint operator_changes_pkey PRIMARY KEY (id),
  constraint operator_changes_changed CHECK ((before IS DISTINCT FROM after))
);
CREATE TRIGGER operator_changes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.operator_changes FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

create table newday.platform_keys (
  id text not null,
  key_hash bytea not null,
  platform text not null,
  label text default ''::text not null,
  scopes text[] not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  role text default 'platform'::text not null,
  constraint platform_keys_pkey PRIMARY KEY (id),
  constraint platform_keys_key_hash_key UNIQUE (key_hash),
  constraint platform_keys_key_hash_length CHECK ((octet_length(key_hash) = 32)),
  constraint platform_keys_label_length CHECK ((char_length(label) <= 64)),
  constraint platform_keys_operator_home CHECK (((role = 'platform'::text) OR (platform = 'newday'::text))),
  constraint platform_keys_platform_form CHECK ((platform ~ '^[a-z][a-z0-9-]{0,31}$'::text)),
  constraint platform_keys_role_known CHECK ((role = ANY (ARRAY['platform'::text, 'operator'::text]))),
  constraint platform_keys_scopes_present CHECK ((cardinality(scopes) > 0))
);
CREATE INDEX platform_keys_platform ON newday.platform_keys USING btree (platform, created_at);
CREATE TRIGGER platform_keys_tell_revoked AFTER DELETE OR UPDATE ON newday.platform_keys FOR EACH ROW EXECUTE FUNCTION newday.tell_revoked();

create table newday.purchases (
  id text not null,
  transfer_id uuid,
  listing_id text not null,
  item_id text,
  buyer_id text not null,
  seller_id text,
  currency text not null,
  quantity bigint default 1 not null,
  price bigint not null,
  commission bigint not null,
  total_amount bigint not null,
  seller_receives bigint not null,
  sale_type text not null,
  created_at timestamp with time zone default statement_timestamp() not null,
  constraint purchases_pkey PRIMARY KEY (id),
  constraint purchases_adds_up CHECK (((transfer_id IS NULL) OR ((price >= 0) AND (commission >= 0) AND (total_amount = (price + commission)) AND (seller_receives = price)))),
  constraint purchases_quantity_range CHECK ((quantity > 0))
);
CREATE INDEX purchases_buyer ON newday.purchases USING btree (buyer_id, created_at DESC);
CREATE INDEX purchases_seller ON newday.purchases USING btree (seller_id, created_at DESC) WHERE (seller_id IS NOT NULL);
CREATE TRIGGER purchases_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.purchases FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

create table newday.recipes (
  platform text not null,
  id text not null,
  version bigint not null,
  name text not null,
  inputs jsonb not null,
  prices jsonb not null,
  outputs jsonb not null,
  created_at timestamp with time zone default now() not null,
  constraint recipes_pkey PRIMARY KEY (platform, id, version),
  constraint recipes_id_form CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,63}$'::text)),
  constraint recipes_version_range CHECK ((version > 0))
);
CREATE TRIGGER recipes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.recipes FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

create table newday.refunds (
  transfer_id uuid not null,
  line smallint not null,
  amount bigint not null,
  refunded bigint not null,
  revision bigint default 1 not null,
  constraint refunds_pkey PRIMARY KEY (transfer_id, line),
  constraint refunds_transfer_fk FOREIGN KEY (transfer_id, line) REFERENCES newday.transfers(id, line),
  constraint refunds_not_above_original CHECK (((refunded >= 0) AND (refunded <= amount)))
);

create table newday.schema_migrations (
  id integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (id)
);

create table newday.sessions (
  token_hash bytea not null,
  user_id text not null,
  platform text not null,
  proven boolean not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  secret_mark bytea,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_user_id_fk FOREIGN KEY (user_id) REFERENCES newday.users(user_id),
  constraint sessions_token_hash_length CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX sessions_user_id_created_at ON newday.sessions USING btree (user_id, created_at);
CREATE TRIGGER sessions_tell_revoked AFTER DELETE OR UPDATE ON newday.sessions FOR EACH ROW EXECUTE FUNCTION newday.tell_revoked();

create table newday.test_users (
  user_id text not null,
  daily_budget bigint not null,
  named_by text not null,
  named_at timestamp with time zone default now() not null,
  constraint test_users_pkey PRIMARY KEY (user_id),
  constraint test_users_daily_budget_check CHECK (((daily_budget >= 0) AND (daily_budget <= 1000000000))),
  constraint test_users_user_id_check CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)))
);
CREATE TRIGGER test_users_tell AFTER INSERT OR DELETE OR UPDATE ON newday.test_users FOR EACH ROW EXECUTE FUNCTION newday.tell_test_user();

create table newday.transfers (
  recorded_at timestamp with time zone not null,
  from_account bigint,
  to_account bigint,
  amount bigint not null,
  from_balance bigint,
  to_balance bigint,
  from_version bigint,
  to_version bigint,
  id uuid not null,
  fingerprint uuid,
  line smallint not null,
  kind text not null,
  caller text not null,
  effective_at timestamp with time zone,
  related uuid,
  reference text,
  metadata jsonb,
  result jsonb,
  refusal text,
  from_previous uuid,
  to_previous uuid,
  constraint transfers_pkey PRIMARY KEY (id, line),
  constraint transfers_chained CHECK ((((from_previous IS NOT NULL) OR (from_version IS NULL) OR (from_version = 1)) AND ((to_previous IS NOT NULL) OR (to_version IS NULL) OR (to_version = 1)))) NOT VALID,
  constraint transfers_line_range CHECK ((line >= 0)),
  constraint transfers_movement CHECK ((
CASE
    WHEN (amount > 0) THEN ((from_account <> to_account) AND ((from_account & (65535)::bigint) = (to_account & (65535)::bigint)) AND (from_balance IS NOT NULL) AND (to_balance IS NOT NULL) AND (from_version > 0) AND (to_version > 0) AND (refusal IS NULL))
    ELSE ((amount = 0) AND (line = 0) AND (num_nulls(from_account, to_account, from_balance, to_balance, from_version, to_version) = 6))
END IS TRUE))
);
CREATE UNIQUE INDEX transfers_from_entry ON newday.transfers USING btree (from_account, from_version) WHERE ((from_account IS NOT NULL) AND ((from_previous IS NULL) OR ((from_version & (31)::bigint) = 0)));
CREATE INDEX transfers_related ON newday.transfers USING btree (related) WHERE (related IS NOT NULL);
CREATE UNIQUE INDEX transfers_to_entry ON newday.transfers USING btree (to_account, to_version) WHERE ((to_account IS NOT NULL) AND ((to_previous IS NULL) OR ((to_version & (31)::bigint) = 0)));
CREATE TRIGGER transfers_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.transfers FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

create table newday.used_assertions (
  platform text not null,
  nonce text not null,
  expires_at timestamp with time zone not null,
  constraint used_assertions_pkey PRIMARY KEY (platform, nonce)
);
CREATE INDEX used_assertions_expiry ON newday.used_assertions USING btree (expires_at);

create table newday.users (
  user_id text not null,
  platform text not null,
  external_id text not null,
  display_name text not null,
  proven_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint users_pkey PRIMARY KEY (user_id),
  constraint users_platform_external_id_unique UNIQUE (platform, external_id),
  constraint users_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 64))),
  constraint users_user_id_length CHECK (((char_length(user_id) >= 1) AND (char_length(user_id) <= 255)))
);

create table public.adventure_items (
  id text default gen_random_uuid() not null,
  player_id text not null,
  adventure_id text,
  item_name character varying(128) not null,
  item_description text,
  item_icon character varying(64),
  price integer default 0 not null,
  effects jsonb,
  is_purchased boolean default false not null,
  is_used boolean default false not null,
  created_at timestamp with time zone default now() not null,
  constraint adventure_items_pkey PRIMARY KEY (id),
  constraint adventure_items_adventure_id_daily_adventures_id_fk FOREIGN KEY (adventure_id) REFERENCES public.daily_adventures(id) ON DELETE CASCADE,
  constraint adventure_items_player_id_players_id_fk FOREIGN KEY (player_id) REFERENCES public.players(id) ON DELETE CASCADE
);

create table public.daily_adventures (
  id text default gen_random_uuid() not null,
  player_id text not null,
  title character varying(128) not null,
  created_at timestamp with time zone default now() not null,
  constraint daily_adventures_pkey PRIMARY KEY (id),
  constraint daily_adventures_player_id_players_id_fk FOREIGN KEY (player_id) REFERENCES public.players(id) ON DELETE CASCADE
);

create table public.market_items (
  id text default gen_random_uuid() not null,
  name character varying(128) not null,
  description text,
  category character varying(32) not null,
  rarity character varying(32) not null,
  price integer not null,
  currency character varying(32) default 'game_coins'::character varying not null,
  seller_id text,
  seller_name character varying(64),
  game_source character varying(32) default 'New Day'::character varying not null,
  status character varying(16) default 'active'::character varying not null,
  listed_at timestamp with time zone default now() not null,
  views integer default 0 not null,
  constraint market_items_pkey PRIMARY KEY (id),
  constraint market_items_seller_id_players_id_fk FOREIGN KEY (seller_id) REFERENCES public.players(id)
);

create table public.players (
  id text default gen_random_uuid() not null,
  nickname character varying(64) not null,
  preferences jsonb,
  total_adventures integer default 0 not null,
  memory_fragments_collected integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone,
  constraint players_pkey PRIMARY KEY (id)
);

create table public.transactions (
  id text default gen_random_uuid() not null,
  buyer_id text not null,
  seller_id text,
  item_id text not null,
  price integer not null,
  commission integer default 0 not null,
  total_amount integer not null,
  seller_receives integer not null,
  currency character varying(32) not null,
  transaction_type character varying(32) not null,
  created_at timestamp with time zone default now() not null,
  constraint transactions_pkey PRIMARY KEY (id),
  constraint transactions_buyer_id_players_id_fk FOREIGN KEY (buyer_id) REFERENCES public.players(id),
  constraint transactions_item_id_market_items_id_fk FOREIGN KEY (item_id) REFERENCES public.market_items(id),
  constraint transactions_seller_id_players_id_fk FOREIGN KEY (seller_id) REFERENCES public.players(id)
);

create table public.user_inventories (
  id text default gen_random_uuid() not null,
  user_id text not null,
  item_id text,
  item_name character varying(128) not null,
  item_description text,
  item_icon character varying(64),
  quantity integer default 1 not null,
  obtained_from character varying(64),
  obtained_at timestamp with time zone default now() not null,
  item_type character varying(32),
  item_rarity character varying(32),
  constraint user_inventories_pkey PRIMARY KEY (id),
  constraint user_inventories_item_id_market_items_id_fk FOREIGN KEY (item_id) REFERENCES public.market_items(id),
  constraint user_inventories_user_id_players_id_fk FOREIGN KEY (user_id) REFERENCES public.players(id) ON DELETE CASCADE
);

-- created by New Day migration 1
create table public.wallets (
  id text default gen_random_uuid() not null,
  user_id text not null,
  game_coins integer default 1000 not null,
  cash_balance integer default 0 not null,
  computing_power integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone,
  constraint wallets_pkey PRIMARY KEY (id),
  constraint wallets_user_id_unique UNIQUE (user_id),
  constraint wallets_user_id_players_id_fk FOREIGN KEY (user_id) REFERENCES public.players(id) ON DELETE CASCADE
);

CREATE OR REPLACE FUNCTION newday.count_revision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.revision := old.revision + 1;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION newday.entries_of(of_account bigint, first bigint, last bigint)
 RETURNS SETOF newday.entries
 LANGUAGE sql
 STABLE ROWS 100
AS $function$
  with recursive newest as (
    select least(last, a.version) as version, a.version as head, a.last_transfer
    from newday.accounts a where a.id = of_account and a.version > 0
  ), known as (
    select k.id, k.version from newest n cross join lateral (
      (select t.id, t.from_version as version from newday.transfers t
        where t.from_account = of_account and t.from_version >= n.version
          and (t.from_previous is null or t.from_version & 31 = 0)
        order by t.from_version limit 1)
      union all
      (select t.id, t.to_version from newday.transfers t
        where t.to_account = of_account and t.to_version >= n.version
          and (t.to_previous is null or t.to_version & 31 = 0)
        order by t.to_version limit 1)
      union all
      select n.last_transfer, n.head
    ) k
    order by k.version limit 1
  ), chain as (
    select t.id, t.line, k.version, t.from_account = of_account and t.from_version = k.version as paid,
      t.amount, t.from_account, t.to_account, t.from_balance, t.to_balance, t.from_previous,
      t.to_previous, t.kind, t.recorded_at
    from known k join newday.transfers t on t.id = k.id
      and (t.from_account = of_account and t.from_version = k.version
        or t.to_account = of_account and t.to_version = k.version)
    union all
    select t.id, t.line, c.version - 1, t.from_account = of_account and t.from_version = c.version - 1,
      t.amount, t.from_account, t.to_account, t.from_balance, t.to_balance, t.from_previous,
      t.to_previous, t.kind, t.recorded_at
    from chain c cross join lateral (
      select * from newday.transfers p
        where p.id = case when c.paid then c.from_previous else c.to_previous end
          and (p.from_account = of_account and p.from_version = c.version - 1
            or p.to_account = of_account and p.to_version = c.version - 1)
      union all
      select * from newday.transfers p
        where p.from_account = of_account and p.from_version = c.version - 1
          and p.from_previous is null
          and case when c.paid then c.from_previous else c.to_previous end is null
      union all
      select * from newday.transfers p
        where p.to_account = of_account and p.to_version = c.version - 1
          and p.to_previous is null
          and case when c.paid then c.from_previous else c.to_previous end is null
    ) t
    where c.version > greatest(first, 1)
  )
  select of_account, version, case when paid then -amount else amount end,
    case when paid then from_balance else to_balance end,
    case when paid then to_account else from_account end, id, line, kind, recorded_at,
    case when paid then from_previous else to_previous end
  from chain where version between first and last
$function$;

CREATE OR REPLACE FUNCTION newday.follow_batch(previous bigint, own bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if coalesce(nullif(current_setting('newday.last_batch', true), ''), '0')::bigint <> previous then
    raise exception 'batch % of this connection was not committed', previous using errcode = 'ND004';
  end if;
  perform set_config('newday.last_batch', own::text, false);
end $function$;

CREATE OR REPLACE FUNCTION newday.grant_roles()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  t record;
  -- Written by the posting engine alone: balances, and what moved.
  posted constant text[] := array['accounts', 'transfers', 'holds', 'refunds', 'items',
    'item_history', 'item_imports', 'item_merges', 'item_receipts', 'limit_counters', 'purchases'];
  -- Written by migrations, adoption and the operator, never by a serving process.
  settled constant text[] := array['schema_migrations', 'adoptions', 'currencies',
    'exchange_pairs', 'operator_changes', 'test_users'];
  -- Not for reports: hashes of credentials.
  secret constant text[] := array['sessions', 'platform_keys', 'used_assertions'];
begin
  if (select count(*) from pg_roles
      where rolname in ('newday_read', 'newday_app', 'newday_posting')) < 3 then
    return;
  end if;
  grant usage on schema newday to newday_read, newday_app, newday_posting;
  for t in
    select c.oid::regclass as name, c.relname, c.relkind, exists (
        select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
        -- 16 is the bit of UPDATE in tgtype.
        where g.tgrelid = c.oid and p.proname = 'refuse_change' and g.tgtype & 16 <> 0
      ) as append_only
    from pg_class c
    where c.relnamespace = 'newday'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
  loop
    if t.relkind = 'S' then
      execute format('grant usage, select on sequence %s to newday_app, newday_posting', t.name);
      continue;
    end if;
    execute format('revoke all on %s from newday_read, newday_app, newday_posting', t.name);
    execute format('grant select on %s to newday_app, newday_posting', t.name);
    if t.relname <> all (secret) then
      execute format('grant select on %s to newday_read', t.name);
    end if;
    if t.relkind in ('v', 'm') or t.relname = any (settled) then continue; end if;
    execute format('grant insert on %s to newday_posting', t.name);
    if not t.append_only then execute format('grant update on %s to newday_posting', t.name); end if;
    if t.relname = any (posted) then continue; end if;
    execute format('grant insert on %s to newday_app', t.name);
    if not t.append_only and t.relname <> 'wallets' then
      execute format('grant update, delete on %s to newday_app', t.name);
    end if;
  end loop;
  -- The game's own tables, which the server only reads.
  for t in
    select c.oid::regclass as name from pg_class c
    where c.oid in (to_regclass('public.players'), to_regclass('public.adventure_items'))
  loop
    execute format('grant select on %s to newday_app, newday_posting', t.name);
  end loop;
exception when insufficient_privilege or undefined_object then
  raise notice 'newday: this login cannot grant rights to the roles of New Day';
end $function$;

CREATE OR REPLACE FUNCTION newday.join_roles()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  wanted text;
begin
  foreach wanted in array array['newday_app', 'newday_posting'] loop
    begin
      if current_setting('server_version_num')::int >= 160000 then
        if not pg_has_role(wanted, 'SET') then
          execute format('grant %I to current_user with inherit false, set true', wanted);
        end if;
      elsif not pg_has_role(wanted, 'member') then
        execute format('grant %I to current_user', wanted);
      end if;
    exception when others then -- also two databases that grant the same membership at once
      raise notice 'newday: this login cannot take the role %: %', wanted, sqlerrm;
    end;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION newday.make_roles()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  wanted text;
begin
  foreach wanted in array array['newday_read', 'newday_app', 'newday_posting'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin', wanted);
      end if;
    exception
      when duplicate_object or unique_violation then null; -- another database was faster
      when insufficient_privilege or lock_not_available then
        raise notice 'newday: this login cannot make the role %', wanted;
    end;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION newday.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'newday.% is append-only', tg_table_name using errcode = 'ND002';
end $function$;

CREATE OR REPLACE FUNCTION newday.refuse_direct_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'newday.% is changed by the posting engine only', tg_table_name
    using errcode = 'ND002', hint = 'Post a transfer instead; see docs/ledger.md.';
end $function$;

CREATE OR REPLACE FUNCTION newday.refuse_frozen_write()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'public.% was adopted by New Day and is read-only now', tg_table_name
    using errcode = 'ND003';
end $function$;

CREATE OR REPLACE FUNCTION newday.refuse_legacy_write()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'public.% is a read-only view since this database was adopted by New Day', tg_table_name
    using errcode = 'ND003', hint = 'Post money through the New Day API; see docs/ledger.md.';
end $function$;

CREATE OR REPLACE FUNCTION newday.require_current_bounds()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select from fresh a
    join newday.ledger_wallets w on w.number = a.id >> 16 and w.role is null
    join newday.currencies c on c.number = a.id & 65535
    where a.maximum <> c.maximum or a.minimum > c.minimum
      or (a.minimum < c.minimum and a.balance >= c.minimum)
  ) then
    raise exception 'stale bounds of a new account' using errcode = 'ND001';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION newday.require_rows(actual bigint, expected bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if actual <> expected then
    raise exception 'stale rows: % of % were as read', actual, expected using errcode = 'ND001';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION newday.tell_revoked()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_table_name = 'sessions' then
    perform pg_notify('newday_revoked', encode(old.token_hash, 'hex'));
  else
    perform pg_notify('newday_revoked', encode(old.key_hash, 'hex'));
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION newday.tell_test_user()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('newday_revoked', encode(s.token_hash, 'hex')) from newday.sessions s
    where s.user_id = coalesce(new.user_id, old.user_id) and s.revoked_at is null;
  return null;
end $function$;
