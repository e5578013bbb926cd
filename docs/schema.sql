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
  room text default repeat(' '::text, 132) not null,
  last_transfer uuid,
  locked bigint default 0 not null,
  claim bigint default 0 not null,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_claim CHECK ((claim >= 0)),
  constraint accounts_flags CHECK (((flags >= 0) AND (flags <= 4095))),
  constraint accounts_held CHECK (((held >= 0) AND ((balance - held) >= minimum))),
  constraint accounts_locked CHECK (((locked >= 0) AND (((balance - held) - locked) >= minimum))),
  constraint accounts_maximum CHECK ((balance <= maximum)),
  constraint accounts_minimum CHECK ((balance >= minimum))
);
CREATE TRIGGER accounts_current_bounds AFTER INSERT ON newday.accounts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION newday.require_current_bounds();
CREATE TRIGGER accounts_permanent BEFORE DELETE OR TRUNCATE ON newday.accounts FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER accounts_posted_only BEFORE UPDATE ON newday.accounts FOR EACH STATEMENT WHEN ((current_setting('newday.posting'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_direct_change();

create table newday.act_limits (
  currency text not null,
  maximum bigint not null,
  constraint act_limits_pkey PRIMARY KEY (currency),
  constraint act_limits_maximum CHECK ((maximum >= 0))
);

create table newday.act_totals (
  id text not null,
  day text not null,
  total bigint not null,
  revision bigint default 1 not null,
  constraint act_totals_pkey PRIMARY KEY (id),
  constraint act_totals_total CHECK ((total >= 0))
);

create table newday.adoptions (
  part text not null,
  report jsonb not null,
  adopted_at timestamp with time zone default now() not null,
  constraint adoptions_pkey PRIMARY KEY (part)
);

create table newday.approvals (
  id uuid not null,
  what text not null,
  role text not null,
  person text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  status text default 'pending'::text not null,
  decided_by text,
  decided_at timestamp with time zone,
  revision bigint default 1 not null,
  constraint approvals_pkey PRIMARY KEY (id),
  constraint approvals_decided CHECK ((num_nulls(decided_by, decided_at) =
CASE
    WHEN (status = 'pending'::text) THEN 2
    ELSE 0
END)),
  constraint approvals_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'support'::text, 'economist'::text, 'owner'::text]))),
  constraint approvals_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'done'::text, 'rejected'::text])))
);
CREATE INDEX approvals_pending ON newday.approvals USING btree (asked_at, id) WHERE (status = 'pending'::text);

create table newday.audit_findings (
  id uuid default gen_random_uuid() not null,
  invariant text not null,
  subject text not null,
  severity text not null,
  wallet bigint,
  evidence jsonb not null,
  found_at timestamp with time zone default date_trunc('milliseconds'::text, now()) not null,
  seen_at timestamp with time zone default now() not null,
  froze boolean default false not null,
  closed_at timestamp with time zone,
  closed_by text,
  closed_reason text,
  constraint audit_findings_pkey PRIMARY KEY (id),
  constraint audit_findings_closed_whole CHECK ((num_nulls(closed_at, closed_by, closed_reason) = ANY (ARRAY[0, 3]))),
  constraint audit_findings_reason_length CHECK (((char_length(closed_reason) >= 1) AND (char_length(closed_reason) <= 500))),
  constraint audit_findings_severity_known CHECK ((severity = ANY (ARRAY['critical'::text, 'serious'::text])))
);
CREATE INDEX audit_findings_newest ON newday.audit_findings USING btree (found_at, id);
CREATE UNIQUE INDEX audit_findings_open ON newday.audit_findings USING btree (invariant, subject) WHERE (closed_at IS NULL);

create table newday.audit_positions (
  invariant text not null,
  lane text not null,
  "position" jsonb,
  pass bigint default 0 not null,
  checked bigint default 0 not null,
  changed_at timestamp with time zone default now() not null,
  reached_at timestamp with time zone,
  constraint audit_positions_pkey PRIMARY KEY (invariant, lane),
  constraint audit_positions_lane_known CHECK ((lane = ANY (ARRAY['new'::text, 'again'::text])))
);

create table newday.audit_runs (
  id uuid default gen_random_uuid() not null,
  asked_by text not null,
  asked_at timestamp with time zone default now() not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  step integer default 0 not null,
  steps integer not null,
  "position" jsonb,
  checked bigint default 0 not null,
  findings bigint default 0 not null,
  unfinished text[] default '{}'::text[] not null,
  constraint audit_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_runs_open ON newday.audit_runs USING btree (asked_at) WHERE (ended_at IS NULL);

create table newday.change_chains (
  name text not null,
  sequence bigint default 0 not null,
  link bytea not null,
  constraint change_chains_pkey PRIMARY KEY (name),
  constraint change_chains_link_length CHECK ((octet_length(link) = 32))
);

create table newday.confiscations (
  id uuid not null,
  wallet bigint not null,
  account bigint,
  amount bigint default 0 not null,
  locked bigint default 0 not null,
  items jsonb default '[]'::jsonb not null,
  taken_at timestamp with time zone not null,
  returned_at timestamp with time zone,
  revision bigint default 1 not null,
  constraint confiscations_pkey PRIMARY KEY (id),
  constraint confiscations_wallet_fk FOREIGN KEY (wallet) REFERENCES newday.ledger_wallets(number),
  constraint confiscations_amount CHECK (((amount >= 0) AND ((locked >= 0) AND (locked <= amount)) AND ((account IS NULL) = (amount = 0))))
);
CREATE INDEX confiscations_wallet ON newday.confiscations USING btree (wallet, taken_at);

create table newday.consents (
  account bigint not null,
  platform text not null,
  user_id text not null,
  currency text not null,
  per_day bigint not null,
  verbs jsonb not null,
  granted_by text not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  version bigint default 1 not null,
  day timestamp with time zone not null,
  spent_on_day bigint default 0 not null,
  revision bigint default 1 not null,
  constraint consents_pkey PRIMARY KEY (account, platform),
  constraint consents_per_day CHECK ((per_day >= 0)),
  constraint consents_spent CHECK ((spent_on_day >= 0)),
  constraint consents_verbs CHECK (((verbs <@ '["transfer", "hold"]'::jsonb) AND (jsonb_array_length(verbs) > 0)))
);
CREATE INDEX consents_platform ON newday.consents USING btree (platform, account);

create table newday.counted_holds (
  hold_id uuid not null,
  counted jsonb not null,
  constraint counted_holds_pkey PRIMARY KEY (hold_id)
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

create table newday.economy_balances (
  currency smallint not null,
  platform text not null,
  bucket integer not null,
  holders bigint not null,
  total numeric not null,
  constraint economy_balances_pkey PRIMARY KEY (currency, platform, bucket)
);

create table newday.economy_days (
  day date not null,
  currency smallint not null,
  platform text not null,
  issued numeric not null,
  returned numeric not null,
  held numeric not null,
  fees numeric not null,
  paid numeric not null,
  payments bigint not null,
  constraint economy_days_pkey PRIMARY KEY (day, currency, platform)
);

create table newday.economy_moved_wallets (
  wallet bigint not null,
  constraint economy_moved_wallets_pkey PRIMARY KEY (wallet)
);

create table newday.economy_prices (
  item_type text not null,
  currency smallint not null,
  day date not null,
  sales bigint not null,
  pieces numeric not null,
  total numeric not null,
  low bigint not null,
  high bigint not null,
  constraint economy_prices_pkey PRIMARY KEY (item_type, currency, day)
);

create table newday.economy_progress (
  one boolean default true not null,
  "position" bigint default 0 not null,
  history_id uuid,
  history_line smallint,
  history_done boolean not null,
  as_of timestamp with time zone default now() not null,
  has_history boolean default false not null,
  constraint economy_progress_pkey PRIMARY KEY (one),
  constraint economy_progress_one CHECK (one)
);

create table newday.economy_top_holders (
  currency smallint not null,
  account bigint not null,
  balance bigint not null,
  as_of timestamp with time zone not null,
  constraint economy_top_holders_pkey PRIMARY KEY (currency, account)
);

create table newday.economy_totals (
  currency smallint not null,
  platform text not null,
  issued numeric not null,
  returned numeric not null,
  held numeric not null,
  fees numeric not null,
  paid numeric not null,
  payments bigint not null,
  constraint economy_totals_pkey PRIMARY KEY (currency, platform)
);

create table newday.economy_wallets (
  wallet bigint not null,
  platform text not null,
  role text,
  constraint economy_wallets_pkey PRIMARY KEY (wallet)
);

create table newday.erased_people (
  mark bytea not null,
  platform text not null,
  erased_on date default ((now() AT TIME ZONE 'UTC'::text))::date not null,
  constraint erased_people_pkey PRIMARY KEY (mark)
);

create table newday.erasure_finds (
  wallet bigint not null,
  transfer_id uuid not null,
  constraint erasure_finds_pkey PRIMARY KEY (wallet, transfer_id)
);

create table newday.erasure_keys (
  key bytea not null,
  constraint erasure_keys_key_length CHECK ((octet_length(key) = 32))
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

create table newday.identity_links (
  linked_user_id text not null,
  user_id text not null,
  linked_at timestamp with time zone default statement_timestamp() not null,
  linked_by text not null,
  constraint identity_links_pkey PRIMARY KEY (linked_user_id),
  constraint identity_links_linked_user_id_fk FOREIGN KEY (linked_user_id) REFERENCES newday.users(user_id),
  constraint identity_links_user_id_fk FOREIGN KEY (user_id) REFERENCES newday.users(user_id),
  constraint identity_links_two_users CHECK ((linked_user_id <> user_id))
);
CREATE INDEX identity_links_user_id ON newday.identity_links USING btree (user_id, linked_at);
CREATE TRIGGER identity_links_log AFTER INSERT OR DELETE OR UPDATE ON newday.identity_links FOR EACH ROW EXECUTE FUNCTION newday.log_identity_link();

create table newday.issuance_budgets (
  account bigint not null,
  platform text not null,
  currency text not null,
  per_day bigint,
  total bigint,
  version bigint default 1 not null,
  since_version bigint not null,
  day timestamp with time zone not null,
  issued_on_day bigint default 0 not null,
  issued bigint default 0 not null,
  revision bigint default 1 not null,
  constraint issuance_budgets_pkey PRIMARY KEY (account),
  constraint issuance_budgets_bounds CHECK (((per_day >= 0) AND (total >= 0))),
  constraint issuance_budgets_issued CHECK (((issued_on_day >= 0) AND (issued >= issued_on_day)))
);

create table newday.issuance_tallies (
  account bigint not null,
  through_version bigint not null,
  issued numeric not null,
  returned numeric not null,
  constraint issuance_tallies_pkey PRIMARY KEY (account),
  constraint issuance_tallies_range CHECK (((through_version > 0) AND (issued >= (0)::numeric)))
);

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
  own_type text,
  own_rarity text,
  fields jsonb,
  base_id uuid,
  constraint item_definitions_pkey PRIMARY KEY (id),
  constraint item_definitions_fields_based CHECK (((fields IS NULL) = (base_id IS NULL))),
  constraint item_definitions_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
  constraint item_definitions_rarity_known CHECK ((rarity = ANY (ARRAY['common'::text, 'uncommon'::text, 'rare'::text, 'epic'::text, 'legendary'::text]))),
  constraint item_definitions_type_known CHECK ((item_type = ANY (ARRAY['weapon'::text, 'armor'::text, 'accessory'::text, 'consumable'::text, 'material'::text, 'tool'::text, 'special'::text, 'skin'::text, 'pet'::text])))
);
CREATE INDEX item_definitions_own_type ON newday.item_definitions USING btree (own_type) WHERE (own_type IS NOT NULL);
CREATE INDEX item_definitions_place ON newday.item_definitions USING btree (newday.search_place((id)::text), ((id)::text) COLLATE "C");
CREATE INDEX item_definitions_search ON newday.item_definitions USING gin (newday.search_vector(name));

create table newday.item_field_changes (
  item_id text not null,
  version bigint not null,
  definition_before uuid not null,
  definition_after uuid not null,
  constraint item_field_changes_pkey PRIMARY KEY (item_id, version)
);
CREATE TRIGGER item_field_changes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.item_field_changes FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

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
CREATE INDEX item_history_owner ON newday.item_history USING btree (owner_id, recorded_at, item_id, version);
CREATE TRIGGER item_history_append_only BEFORE DELETE OR TRUNCATE ON newday.item_history FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER item_history_erased BEFORE UPDATE ON newday.item_history FOR EACH ROW EXECUTE FUNCTION newday.refuse_all_but_erasure('owner_id');
CREATE TRIGGER item_history_unchanged BEFORE UPDATE ON newday.item_history FOR EACH STATEMENT WHEN ((current_setting('newday.erasure'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_change();

create table newday.item_imports (
  owner_id text not null,
  source text not null,
  external_id text not null,
  item_id text not null,
  address text,
  imported_at timestamp with time zone default statement_timestamp() not null,
  constraint item_imports_pkey PRIMARY KEY (owner_id, source, external_id)
);

create table newday.item_labels (
  platform text not null,
  kind text not null,
  skeleton text not null,
  version bigint not null,
  name text not null,
  shown_as text not null,
  fields jsonb not null,
  retired boolean not null,
  changed_by text not null,
  created_at timestamp with time zone default now() not null,
  constraint item_labels_pkey PRIMARY KEY (platform, kind, skeleton, version),
  constraint item_labels_fields_array CHECK ((jsonb_typeof(fields) = 'array'::text)),
  constraint item_labels_kind_known CHECK ((kind = ANY (ARRAY['type'::text, 'rarity'::text]))),
  constraint item_labels_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 32))),
  constraint item_labels_version_range CHECK ((version > 0))
);
CREATE TRIGGER item_labels_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.item_labels FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

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
CREATE INDEX item_receipts_giver ON newday.item_receipts USING btree (newday.giver_of_receipt(request), created_at, transfer_id);

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
  locked boolean default false not null,
  constraint items_pkey PRIMARY KEY (id),
  constraint items_id_length CHECK (((char_length(id) >= 1) AND (char_length(id) <= 300))),
  constraint items_quantity_range CHECK (((quantity >= 1) AND (quantity <= 1000000000))),
  constraint items_state_known CHECK ((state = ANY (ARRAY['offered'::text, 'owned'::text, 'escrowed'::text, 'exported'::text, 'used'::text, 'retired'::text])))
);
CREATE INDEX items_allinone ON newday.items USING btree (allinone_item_id) WHERE (allinone_item_id IS NOT NULL);
CREATE INDEX items_definition ON newday.items USING btree (definition_id, id);
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
CREATE INDEX ledger_wallets_place ON newday.ledger_wallets USING btree (newday.search_place(user_id), user_id COLLATE "C") WHERE (role IS NULL);
CREATE INDEX ledger_wallets_search ON newday.ledger_wallets USING gin (newday.search_vector(user_id)) WHERE (role IS NULL);

create table newday.limit_counters (
  id text not null,
  count bigint not null,
  revision bigint default 1 not null,
  constraint limit_counters_pkey PRIMARY KEY (id),
  constraint limit_counters_count CHECK ((count >= 0))
);

create table newday.linked_transfers (
  transfer_id uuid not null,
  through_user_id text not null,
  constraint linked_transfers_pkey PRIMARY KEY (transfer_id)
);
CREATE INDEX linked_transfers_user ON newday.linked_transfers USING btree (through_user_id);

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
CREATE INDEX listings_definition ON newday.listings USING btree (definition_id, id);
CREATE INDEX listings_ended ON newday.listings USING btree (status, listed_at, id) WHERE (status <> 'active'::text);
CREATE UNIQUE INDEX listings_escrowed_item ON newday.listings USING btree (item_id) WHERE ((status = 'active'::text) AND (item_id IS NOT NULL));
CREATE INDEX listings_expiring ON newday.listings USING btree (expires_at) WHERE ((status = 'active'::text) AND (expires_at IS NOT NULL));
CREATE INDEX listings_featured ON newday.listings USING btree (COALESCE((pin)::integer, 32767), id) WHERE ((status = 'active'::text) AND (kind = 'official'::text));
CREATE INDEX listings_newest ON newday.listings USING btree (listed_at, id) WHERE (status = 'active'::text);
CREATE INDEX listings_priced ON newday.listings USING btree ((((prices ->> 'game_coins'::text))::bigint), id) WHERE (status = 'active'::text);
CREATE INDEX listings_seller ON newday.listings USING btree (seller_id, listed_at DESC);
CREATE TRIGGER listings_edited BEFORE UPDATE ON newday.listings FOR EACH ROW WHEN ((new.revision = old.revision)) EXECUTE FUNCTION newday.count_revision();

create table newday.operator_change_keys (
  id uuid not null,
  fingerprint uuid not null,
  change_id bigint not null,
  constraint operator_change_keys_pkey PRIMARY KEY (id),
  constraint operator_change_keys_change_key UNIQUE (change_id),
  constraint operator_change_keys_change_fk FOREIGN KEY (change_id) REFERENCES newday.operator_changes(id)
);
CREATE TRIGGER operator_change_keys_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON newday.operator_change_keys FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();

create table newday.operator_changes (
  id bigint generated always as identity not null,
  changed_at timestamp with time zone default now() not null,
  operator text not null,
  database_role text default SESSION_USER not null,
  what text not null,
  subject text,
  before jsonb,
  after jsonb,
  reason text,
  sequence bigint not null,
  salts bytea[] not null,
  commitments bytea[] not null,
  link bytea not null,
  erased_at timestamp with time zone,
  constraint operator_changes_pkey PRIMARY KEY (id),
  constraint operator_changes_sequence_key UNIQUE (sequence),
  constraint operator_changes_changed CHECK (((erased_at IS NOT NULL) OR (before IS DISTINCT FROM after))),
  constraint operator_changes_reason_length CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500)))
);
CREATE INDEX operator_changes_approvals ON newday.operator_changes USING btree (subject) WHERE (what = 'approval ask'::text);
CREATE INDEX operator_changes_user ON newday.operator_changes USING btree (newday.user_of_change(what, subject, before, after), id);
CREATE TRIGGER operator_changes_append_only BEFORE DELETE OR TRUNCATE ON newday.operator_changes FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER operator_changes_chain BEFORE INSERT ON newday.operator_changes FOR EACH ROW EXECUTE FUNCTION newday.chain_operator_change();
CREATE TRIGGER operator_changes_erased BEFORE UPDATE ON newday.operator_changes FOR EACH ROW EXECUTE FUNCTION newday.refuse_all_but_erasure('subject', 'reason', 'before', 'after', 'salts', 'erased_at');
CREATE TRIGGER operator_changes_unchanged BEFORE UPDATE ON newday.operator_changes FOR EACH STATEMENT WHEN ((current_setting('newday.erasure'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_change();

create table newday.operator_codes (
  code_hash bytea not null,
  operator_id text,
  expires_at timestamp with time zone not null,
  constraint operator_codes_pkey PRIMARY KEY (code_hash),
  constraint operator_codes_operator_fk FOREIGN KEY (operator_id) REFERENCES newday.operators(id),
  constraint operator_codes_hash_length CHECK ((octet_length(code_hash) = 32))
);

create table newday.operator_keys (
  id text not null,
  key_hash bytea not null,
  label text not null,
  role text not null,
  made_by text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint operator_keys_pkey PRIMARY KEY (id),
  constraint operator_keys_hash_key UNIQUE (key_hash),
  constraint operator_keys_hash_length CHECK ((octet_length(key_hash) = 32)),
  constraint operator_keys_label_length CHECK (((char_length(label) >= 1) AND (char_length(label) <= 64))),
  constraint operator_keys_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'support'::text, 'economist'::text, 'owner'::text])))
);

create table newday.operator_sessions (
  token_hash bytea not null,
  operator_id text not null,
  second_factor boolean not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint operator_sessions_pkey PRIMARY KEY (token_hash),
  constraint operator_sessions_operator_fk FOREIGN KEY (operator_id) REFERENCES newday.operators(id),
  constraint operator_sessions_hash_length CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX operator_sessions_operator ON newday.operator_sessions USING btree (operator_id, created_at);

create table newday.operators (
  id text not null,
  login text not null,
  display_name text not null,
  role text not null,
  status text default 'invited'::text not null,
  password_hash text,
  second_factor bytea,
  second_factor_mark bytea,
  second_factor_key text,
  second_factor_step bigint,
  created_at timestamp with time zone default now() not null,
  constraint operators_pkey PRIMARY KEY (id),
  constraint operators_login_key UNIQUE (login),
  constraint operators_active_with_password CHECK (((status <> 'active'::text) OR (password_hash IS NOT NULL))),
  constraint operators_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 64))),
  constraint operators_login_form CHECK ((login ~ '^[a-z0-9][a-z0-9._@+-]{0,63}$'::text)),
  constraint operators_role_known CHECK ((role = ANY (ARRAY['viewer'::text, 'support'::text, 'economist'::text, 'owner'::text]))),
  constraint operators_second_factor_whole CHECK (((num_nulls(second_factor, second_factor_mark, second_factor_key) = ANY (ARRAY[0, 3])) AND ((second_factor_step IS NULL) OR (second_factor IS NOT NULL)))),
  constraint operators_status_known CHECK ((status = ANY (ARRAY['invited'::text, 'active'::text, 'suspended'::text])))
);

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

create table newday.platform_secrets (
  platform text not null,
  mark bytea not null,
  ciphertext bytea not null,
  key_fingerprint text not null,
  source text not null,
  created_at timestamp with time zone default now() not null,
  valid_until timestamp with time zone,
  withdrawn_at timestamp with time zone,
  constraint platform_secrets_pkey PRIMARY KEY (platform, mark),
  constraint platform_secrets_platform_fk FOREIGN KEY (platform) REFERENCES newday.platforms(name),
  constraint platform_secrets_mark_length CHECK ((octet_length(mark) = 8)),
  constraint platform_secrets_source_known CHECK ((source = ANY (ARRAY['environment'::text, 'command'::text])))
);
CREATE TRIGGER platform_secrets_notify AFTER INSERT OR DELETE OR UPDATE ON newday.platform_secrets FOR EACH STATEMENT EXECUTE FUNCTION newday.notify_platforms();

create table newday.platforms (
  name text not null,
  status text default 'active'::text not null,
  suspended_reason text,
  bare_ids boolean default false not null,
  login_policy text not null,
  origins text[] default '{}'::text[] not null,
  jwks jsonb,
  jwks_url text,
  starter_grant bigint default 0 not null,
  starter_budget_per_day bigint,
  compatibility_cap bigint,
  compatibility_accepted text,
  created_at timestamp with time zone default now() not null,
  constraint platforms_pkey PRIMARY KEY (name),
  constraint platforms_amounts CHECK (((starter_grant >= 0) AND (starter_budget_per_day >= 0) AND (compatibility_cap >= 0))),
  constraint platforms_compatibility_accepted CHECK (((login_policy <> 'compatibility'::text) OR ((compatibility_cap IS NOT NULL) AND (compatibility_accepted IS NOT NULL)))),
  constraint platforms_jwks_once CHECK (((jwks IS NULL) OR (jwks_url IS NULL))),
  constraint platforms_jwks_present CHECK (((login_policy <> 'jwks'::text) OR (jwks IS NOT NULL) OR (jwks_url IS NOT NULL))),
  constraint platforms_login_policy_known CHECK ((login_policy = ANY (ARRAY['none'::text, 'compatibility'::text, 'hmac'::text, 'jwks'::text]))),
  constraint platforms_name_form CHECK (((name ~ '^[a-z][a-z0-9-]{0,31}$'::text) AND (name <> 'system'::text))),
  constraint platforms_status_known CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text]))),
  constraint platforms_suspended_reason CHECK (((status = 'suspended'::text) = (suspended_reason IS NOT NULL)))
);
CREATE TRIGGER platforms_notify AFTER INSERT OR DELETE OR UPDATE ON newday.platforms FOR EACH STATEMENT EXECUTE FUNCTION newday.notify_platforms();

create table newday.policy_changes (
  id uuid not null,
  changed_at timestamp with time zone default statement_timestamp() not null,
  caller text,
  what text not null,
  subject text,
  reason text,
  before jsonb,
  after jsonb,
  sequence bigint not null,
  salts bytea[] not null,
  commitments bytea[] not null,
  link bytea not null,
  erased_at timestamp with time zone,
  constraint policy_changes_pkey PRIMARY KEY (id),
  constraint policy_changes_sequence_key UNIQUE (sequence),
  constraint policy_changes_changed CHECK (((erased_at IS NOT NULL) OR (before IS DISTINCT FROM after)))
);
CREATE INDEX policy_changes_subject ON newday.policy_changes USING btree (subject, changed_at);
CREATE INDEX policy_changes_user ON newday.policy_changes USING btree (newday.user_of_change(what, subject, before, after), changed_at, id);
CREATE TRIGGER policy_changes_append_only BEFORE DELETE OR TRUNCATE ON newday.policy_changes FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER policy_changes_chain BEFORE INSERT ON newday.policy_changes FOR EACH ROW EXECUTE FUNCTION newday.chain_policy_change();
CREATE TRIGGER policy_changes_erased BEFORE UPDATE ON newday.policy_changes FOR EACH ROW EXECUTE FUNCTION newday.refuse_all_but_erasure('caller', 'subject', 'reason', 'before', 'after', 'salts', 'erased_at');
CREATE TRIGGER policy_changes_unchanged BEFORE UPDATE ON newday.policy_changes FOR EACH STATEMENT WHEN ((current_setting('newday.erasure'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_change();

create table newday.purchase_refunds (
  purchase_id text not null,
  of_quantity bigint not null,
  of_price bigint not null,
  of_commission bigint not null,
  quantity bigint not null,
  items bigint not null,
  price bigint not null,
  commission bigint not null,
  locked bigint default 0 not null,
  revision bigint default 1 not null,
  constraint purchase_refunds_pkey PRIMARY KEY (purchase_id),
  constraint purchase_refunds_within CHECK ((((quantity >= 1) AND (quantity <= of_quantity)) AND ((items >= 0) AND (items <= quantity)) AND ((price >= 0) AND (price <= of_price)) AND ((commission >= 0) AND (commission <= of_commission)) AND ((locked >= 0) AND (locked <= (price + commission)))))
);

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
  locked bigint default 0 not null,
  constraint purchases_pkey PRIMARY KEY (id),
  constraint purchases_adds_up CHECK (((transfer_id IS NULL) OR ((price >= 0) AND (commission >= 0) AND (total_amount = (price + commission)) AND (seller_receives = price)))),
  constraint purchases_quantity_range CHECK ((quantity > 0))
);
CREATE INDEX purchases_buyer ON newday.purchases USING btree (buyer_id, created_at DESC);
CREATE INDEX purchases_official ON newday.purchases USING btree (listing_id, created_at DESC) WHERE (seller_id IS NULL);
CREATE INDEX purchases_seller ON newday.purchases USING btree (seller_id, created_at DESC) WHERE (seller_id IS NOT NULL);
CREATE TRIGGER purchases_append_only BEFORE DELETE OR TRUNCATE ON newday.purchases FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER purchases_erased BEFORE UPDATE ON newday.purchases FOR EACH ROW EXECUTE FUNCTION newday.refuse_all_but_erasure('buyer_id', 'seller_id');
CREATE TRIGGER purchases_unchanged BEFORE UPDATE ON newday.purchases FOR EACH STATEMENT WHEN ((current_setting('newday.erasure'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_change();

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

create table newday.refund_policies (
  platform text not null,
  window_days integer not null,
  commission text not null,
  version bigint default 1 not null,
  revision bigint default 1 not null,
  constraint refund_policies_pkey PRIMARY KEY (platform),
  constraint refund_policies_commission_known CHECK ((commission = ANY (ARRAY['fees'::text, 'seller'::text, 'kept'::text]))),
  constraint refund_policies_window CHECK (((window_days >= 0) AND (window_days <= 3650)))
);

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

create table newday.refused_sign_ins (
  id bigint generated always as identity not null,
  login text not null,
  network text not null,
  refused_at timestamp with time zone default now() not null,
  constraint refused_sign_ins_pkey PRIMARY KEY (id)
);
CREATE INDEX refused_sign_ins_login ON newday.refused_sign_ins USING btree (login, refused_at);
CREATE INDEX refused_sign_ins_time ON newday.refused_sign_ins USING btree (refused_at);

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
  through_user_id text,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_through_user_id_fk FOREIGN KEY (through_user_id) REFERENCES newday.users(user_id),
  constraint sessions_user_id_fk FOREIGN KEY (user_id) REFERENCES newday.users(user_id),
  constraint sessions_token_hash_length CHECK ((octet_length(token_hash) = 32))
);
CREATE INDEX sessions_through_user_id ON newday.sessions USING btree (through_user_id) WHERE (through_user_id IS NOT NULL);
CREATE INDEX sessions_user_id_created_at ON newday.sessions USING btree (user_id, created_at);
CREATE TRIGGER sessions_tell_revoked AFTER DELETE OR UPDATE ON newday.sessions FOR EACH ROW EXECUTE FUNCTION newday.tell_revoked();

create table newday.spending_counters (
  id text not null,
  buckets jsonb not null,
  revision bigint default 1 not null,
  constraint spending_counters_pkey PRIMARY KEY (id),
  constraint spending_counters_array CHECK ((jsonb_typeof(buckets) = 'array'::text))
);

create table newday.spending_limits (
  subject text not null,
  limits jsonb not null,
  revision bigint default 1 not null,
  constraint spending_limits_pkey PRIMARY KEY (subject),
  constraint spending_limits_array CHECK ((jsonb_typeof(limits) = 'array'::text))
);
CREATE INDEX spending_limits_by_id ON newday.spending_limits USING gin (limits jsonb_path_ops);

create table newday.stock_offers (
  id text not null,
  platform text not null,
  definition_id uuid not null,
  currency text not null,
  price bigint not null,
  stock bigint,
  sold bigint default 0 not null,
  per_user_limit bigint,
  per_day_limit bigint,
  buyers text not null,
  status text default 'active'::text not null,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  version bigint default 1 not null,
  created_at timestamp with time zone not null,
  revision bigint default 1 not null,
  constraint stock_offers_pkey PRIMARY KEY (id),
  constraint stock_offers_definition_fk FOREIGN KEY (definition_id) REFERENCES newday.item_definitions(id),
  constraint stock_offers_buyers_known CHECK ((buyers = ANY (ARRAY['platform'::text, 'all'::text]))),
  constraint stock_offers_price_range CHECK (((price >= 1) AND (price <= 1000000000))),
  constraint stock_offers_status_known CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'ended'::text]))),
  constraint stock_offers_window CHECK ((starts_at < ends_at)),
  constraint stock_offers_within_stock CHECK (((sold >= 0) AND ((stock IS NULL) OR (stock >= sold))))
);
CREATE INDEX stock_offers_platform ON newday.stock_offers USING btree (platform, id);
CREATE TRIGGER stock_offers_edited BEFORE UPDATE ON newday.stock_offers FOR EACH ROW WHEN ((new.revision = old.revision)) EXECUTE FUNCTION newday.count_revision();

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
  reason text,
  sequence bigint default nextval('newday.transfer_sequence'::regclass),
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
CREATE INDEX transfers_recorded ON newday.transfers USING brin (recorded_at) WITH (pages_per_range='32', autosummarize='on');
CREATE INDEX transfers_reference ON newday.transfers USING btree (reference, id) WHERE (reference IS NOT NULL);
CREATE INDEX transfers_related ON newday.transfers USING btree (related) WHERE (related IS NOT NULL);
CREATE INDEX transfers_sequence ON newday.transfers USING brin (sequence) WITH (pages_per_range='32', autosummarize='on');
CREATE UNIQUE INDEX transfers_to_entry ON newday.transfers USING btree (to_account, to_version) WHERE ((to_account IS NOT NULL) AND ((to_previous IS NULL) OR ((to_version & (31)::bigint) = 0)));
CREATE TRIGGER transfers_append_only BEFORE DELETE OR TRUNCATE ON newday.transfers FOR EACH STATEMENT EXECUTE FUNCTION newday.refuse_change();
CREATE TRIGGER transfers_erased BEFORE UPDATE ON newday.transfers FOR EACH ROW EXECUTE FUNCTION newday.refuse_all_but_erasure('caller', 'reference', 'reason', 'metadata', 'result');
CREATE TRIGGER transfers_unchanged BEFORE UPDATE ON newday.transfers FOR EACH STATEMENT WHEN ((current_setting('newday.erasure'::text, true) IS DISTINCT FROM 'on'::text)) EXECUTE FUNCTION newday.refuse_change();

create table newday.used_assertions (
  platform text not null,
  nonce text not null,
  expires_at timestamp with time zone not null,
  constraint used_assertions_pkey PRIMARY KEY (platform, nonce)
);
CREATE INDEX used_assertions_expiry ON newday.used_assertions USING btree (expires_at);

create table newday.user_freezes (
  wallet bigint not null,
  user_id text not null,
  platform_blocks smallint,
  platform_reason text,
  platform_since timestamp with time zone,
  platform_until timestamp with time zone,
  operator_blocks smallint,
  operator_reason text,
  operator_since timestamp with time zone,
  operator_until timestamp with time zone,
  revision bigint default 1 not null,
  erased_as text,
  audit_blocks smallint,
  audit_reason text,
  audit_since timestamp with time zone,
  audit_until timestamp with time zone,
  constraint user_freezes_pkey PRIMARY KEY (wallet),
  constraint user_freezes_user_id_key UNIQUE (user_id),
  constraint user_freezes_wallet_fk FOREIGN KEY (wallet) REFERENCES newday.ledger_wallets(number),
  constraint user_freezes_audit_range CHECK (((audit_blocks >= 0) AND (audit_blocks <= 3))),
  constraint user_freezes_audit_reason_length CHECK (((char_length(audit_reason) >= 1) AND (char_length(audit_reason) <= 500))),
  constraint user_freezes_audit_whole CHECK ((((audit_blocks IS NULL) = (audit_reason IS NULL)) AND ((audit_blocks IS NULL) = (audit_since IS NULL)) AND ((audit_blocks IS NOT NULL) OR (audit_until IS NULL)))),
  constraint user_freezes_blocks_range CHECK ((((platform_blocks >= 0) AND (platform_blocks <= 3)) AND ((operator_blocks >= 0) AND (operator_blocks <= 3)))),
  constraint user_freezes_erased_as CHECK ((erased_as ~ '^erased:[0-9a-f]{32}$'::text)),
  constraint user_freezes_operator_whole CHECK ((((operator_blocks IS NULL) = (operator_reason IS NULL)) AND ((operator_blocks IS NULL) = (operator_since IS NULL)) AND ((operator_blocks IS NOT NULL) OR (operator_until IS NULL)))),
  constraint user_freezes_platform_whole CHECK ((((platform_blocks IS NULL) = (platform_reason IS NULL)) AND ((platform_blocks IS NULL) = (platform_since IS NULL)) AND ((platform_blocks IS NOT NULL) OR (platform_until IS NULL)))),
  constraint user_freezes_reason_length CHECK ((((char_length(platform_reason) >= 1) AND (char_length(platform_reason) <= 500)) AND ((char_length(operator_reason) >= 1) AND (char_length(operator_reason) <= 500))))
);
CREATE TRIGGER user_freezes_notify AFTER INSERT OR DELETE OR UPDATE ON newday.user_freezes FOR EACH ROW EXECUTE FUNCTION newday.notify_user_freezes();

create table newday.users (
  user_id text not null,
  platform text not null,
  external_id text not null,
  display_name text not null,
  proven_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  verified_by text,
  constraint users_pkey PRIMARY KEY (user_id),
  constraint users_platform_external_id_unique UNIQUE (platform, external_id),
  constraint users_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 64))),
  constraint users_user_id_length CHECK (((char_length(user_id) >= 1) AND (char_length(user_id) <= 255))),
  constraint users_verified_by_platform CHECK (((verified_by IS NULL) OR (proven_at IS NOT NULL)))
);
CREATE INDEX users_place ON newday.users USING btree (newday.search_place(user_id), user_id COLLATE "C");
CREATE INDEX users_search ON newday.users USING gin (newday.search_vector(((((user_id || '
'::text) || external_id) || '
'::text) || display_name)));
CREATE TRIGGER users_moved_wallet AFTER INSERT OR UPDATE OF platform ON newday.users FOR EACH ROW EXECUTE FUNCTION newday.note_moved_wallet();
CREATE TRIGGER users_tell_moved AFTER UPDATE OF platform ON newday.users FOR EACH ROW WHEN ((old.platform IS DISTINCT FROM new.platform)) EXECUTE FUNCTION newday.tell_moved_user();

create table newday.work_leases (
  name text not null,
  holder text not null,
  until timestamp with time zone not null,
  constraint work_leases_pkey PRIMARY KEY (name)
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

CREATE OR REPLACE FUNCTION newday.append_to_chain(chain text, facts text[], texts text[], OUT sequence bigint, OUT salts bytea[], OUT commitments bytea[], OUT link bytea)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  head newday.change_chains;
  field text;
begin
  select c.* into strict head from newday.change_chains c where c.name = chain for update;
  sequence := head.sequence + 1;
  select array_agg(s.salt order by t.place),
      array_agg(sha256(s.salt || convert_to(t.text, 'UTF8')) order by t.place)
    into salts, commitments
    from unnest(texts) with ordinality as t (text, place)
    -- Two of version 4: one has 122 random bits.
    cross join lateral (select case when t.text is not null then substring(
      sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16) end as salt) s;
  link := head.link || newday.netstring(sequence::text);
  foreach field in array facts loop
    link := link || newday.netstring(field);
  end loop;
  link := sha256(link || (
    select string_agg(newday.netstring(encode(c.commitment, 'hex')), ''::bytea order by c.place)
    from unnest(commitments) with ordinality as c (commitment, place)));
  update newday.change_chains c set sequence = append_to_chain.sequence, link = append_to_chain.link
    where c.name = chain;
end $function$;

CREATE OR REPLACE FUNCTION newday.chain_operator_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  select * into new.sequence, new.salts, new.commitments, new.link from newday.append_to_chain(
    'operator_changes',
    array[new.id::text, ((extract(epoch from new.changed_at) * 1000000)::bigint)::text, new.what,
      new.database_role],
    array[new.operator, new.subject, new.reason, new.before::text, new.after::text]);
  return new;
end $function$;

CREATE OR REPLACE FUNCTION newday.chain_policy_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  select * into new.sequence, new.salts, new.commitments, new.link from newday.append_to_chain(
    'policy_changes',
    array[new.id::text, ((extract(epoch from new.changed_at) * 1000000)::bigint)::text, new.what],
    array[new.caller, new.subject, new.reason, new.before::text, new.after::text]);
  return new;
end $function$;

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

CREATE OR REPLACE FUNCTION newday.erase_legacy_rows(old_id text, new_id text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  place record;
begin
  for place in select * from (values
      ('public.adventure_items', 'player_id', null), ('public.daily_adventures', 'player_id', null),
      ('public.market_items', 'seller_id', 'seller_name'), ('public.transactions', 'buyer_id', null),
      ('public.transactions', 'seller_id', null), ('public.user_inventories', 'user_id', null),
      ('newday_legacy.wallets', 'user_id', null)) as v (of_table, owner, name)
  loop
    continue when not exists (select from pg_attribute
      where attrelid = to_regclass(place.of_table) and attname = place.owner and not attisdropped);
    execute format('update %s set %I = $2%s where %2$I = $1', place.of_table, place.owner,
      case when place.name is not null then format(', %I = $2', place.name) else '' end)
      using old_id, new_id;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION newday.erase_person(of_wallet bigint, of_platform text, found_up_to bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  finds uuid[];
  old_id text;
  new_id text;
  names text[];
  first_account constant bigint := of_wallet << 16;
  last_account constant bigint := ((of_wallet + 1) << 16) - 1;
  logged uuid[];
  own uuid[];
begin
  select w.user_id, f.erased_as into old_id, new_id
    from newday.ledger_wallets w join newday.user_freezes f on f.wallet = w.number
    where w.number = of_wallet and f.erased_as is not null for update;
  if new_id is null then
    raise exception 'the erasure of wallet % has not begun', of_wallet using errcode = 'ND002';
  end if;
  if old_id = new_id then
    delete from newday.erasure_finds where wallet = of_wallet; -- Of a second request beside the first one.
    return false;
  end if;
  perform set_config('newday.erasure', 'on', true), set_config('newday.posting', 'on', true);
  names := array['user:' || old_id, 'unverified:' || old_id];

  delete from newday.identity_links where old_id in (linked_user_id, user_id);

  -- The log of changes: commitments stay. An author other than the person stays too.
  with dropped as (
    update newday.policy_changes c set erased_at = coalesce(c.erased_at, now()),
      caller = case when c.caller = any (names) then null else c.caller end,
      subject = null, reason = null, before = null, after = null,
      salts = array[case when c.caller = any (names) then null else c.salts[1] end,
        null, null, null, null]
    where c.caller = any (names) or newday.is_change_of(c.what, c.subject, c.before, c.after, old_id)
    returning c.id)
  select coalesce(array_agg(id), '{}') into logged from dropped;
  update newday.operator_changes c set erased_at = coalesce(c.erased_at, now()),
      subject = null, reason = null, before = null, after = null,
      salts = array[c.salts[1], null, null, null, null]
    where newday.is_change_of(c.what, c.subject, c.before, c.after, old_id);

  select coalesce(array_agg(f.id), '{}') into finds from (
    select transfer_id as id from newday.erasure_finds where wallet = of_wallet
    union select newday.transfers_of_person(of_wallet, old_id, found_up_to, 9223372036854775807)) as f;

  -- Transfers: ids and amounts stay. Texts go where the person takes part or asked: by account, as the caller, or
  -- because a row of theirs names the transfer. In the outcomes of others the known members take the new name.
  select coalesce(array_agg(distinct named.id), '{}') into own from (
    select t.id from newday.transfers t where t.id = any (finds)
      and (t.from_account between first_account and last_account
        or t.to_account between first_account and last_account or t.caller = any (names))
    union all select h.id from newday.holds h where h.id = any (finds)
      and (h.account between first_account and last_account or h.to_account between first_account and last_account)
    union all select h.transfer_id from newday.item_history h where h.owner_id = old_id
    union all select r.transfer_id from newday.item_receipts r
      where r.transfer_id = any (finds) and newday.is_receipt_of(r.request, old_id)
    union all select p.transfer_id from newday.purchases p where old_id in (p.buyer_id, p.seller_id)
    union all select unnest(logged)) as named;
  own := own || array(select distinct t.id from newday.transfers t where t.related = any (own));
  update newday.transfers t set reference = null, reason = null, metadata = null,
      caller = r.caller, result = r.result
    from (select o.id, o.line,
        case o.caller when names[1] then 'user:' || new_id when names[2] then 'unverified:' || new_id
          else o.caller end,
        case when o.kind = 'adjustment' and o.result ? 'reason' then o.result || '{"reason": "erased"}'
          else newday.renamed_outcome(o.kind, o.refusal, o.result, old_id, new_id) end
      from newday.transfers o where o.id = any (own)) as r (id, line, caller, result)
    where t.id = r.id and t.line = r.line and (num_nonnulls(t.reference, t.reason, t.metadata) > 0
      or t.caller <> r.caller or t.result is distinct from r.result);
  update newday.transfers t set result = r.result
    from (select o.id, o.line, newday.renamed_outcome(o.kind, o.refusal, o.result, old_id, new_id)
      from newday.transfers o where o.id = any (finds) and strpos(o.result::text, old_id) > 0) as r (id, line, result)
    where t.id = r.id and t.line = r.line and t.result <> r.result;
  update newday.transfers t set
      result = t.result || '{"subject": "erased", "before": null, "after": null}'
    where t.id = any (logged) and t.result ? 'subject';

  delete from newday.linked_transfers where through_user_id = old_id or transfer_id = any (own);
  update newday.item_history set owner_id = new_id where owner_id = old_id;
  update newday.items set owner_id = new_id where owner_id = old_id;
  update newday.items set gift_from = null where gift_from = old_id;
  update newday.items set external_id = null, allinone_item_id = null
    where owner_id = new_id and num_nonnulls(external_id, allinone_item_id) > 0;
  update newday.purchases set
      buyer_id = case buyer_id when old_id then new_id else buyer_id end,
      seller_id = case seller_id when old_id then new_id else seller_id end
    where buyer_id = old_id or seller_id = old_id;
  update newday.listings set seller_id = new_id, seller_name = new_id where seller_id = old_id;
  delete from newday.item_imports where owner_id = old_id;
  update newday.item_receipts set request = newday.renamed_receipt(request, old_id, new_id)
    where transfer_id = any (finds) and newday.is_receipt_of(request, old_id);
  update newday.item_merges set legacy_row = newday.renamed_member(legacy_row, '{user_id}', old_id, new_id)
    where legacy_row->>'user_id' = old_id;
  update newday.adoptions set report = newday.renamed_report(report, old_id, new_id)
    where report->'merges' @> jsonb_build_array(jsonb_build_object('ownerId', old_id));
  delete from newday.limit_counters where newday.is_counter_of(id, old_id);
  delete from newday.consents where account between first_account and last_account;
  delete from newday.spending_limits where subject ~ '^account:\d{1,18}$'
    and substring(subject from 9)::bigint between first_account and last_account;
  delete from newday.test_users where user_id = old_id;
  perform newday.erase_player(old_id, new_id);
  perform newday.erase_legacy_rows(old_id, new_id);

  delete from newday.sessions where old_id in (user_id, through_user_id);
  update newday.user_freezes set user_id = new_id, revision = revision + 1,
      platform_blocks = null, platform_reason = null, platform_since = null, platform_until = null,
      operator_blocks = null, operator_reason = null, operator_since = null, operator_until = null,
      audit_blocks = null, audit_reason = null, audit_since = null, audit_until = null
    where wallet = of_wallet;
  update newday.users set user_id = new_id, external_id = new_id, display_name = new_id
    where user_id = old_id;
  update newday.ledger_wallets set user_id = new_id, platform = of_platform where number = of_wallet;
  insert into newday.erased_people (mark, platform) values (newday.person_mark(old_id), of_platform)
    on conflict (mark) do update set erased_on = excluded.erased_on;
  delete from newday.erasure_finds where wallet = of_wallet;
  perform set_config('newday.erasure', 'off', true), set_config('newday.posting', 'off', true);
  -- Servers cache the wallet by the name that is gone.
  perform pg_notify('newday_revoked', 'wallet:' || of_wallet);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION newday.erase_player(old_id text, new_id text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  reference record;
begin
  if to_regclass('public.players') is null then return; end if;
  execute 'insert into public.players (id, nickname, created_at)
    select $2, $2, created_at from public.players where id = $1' using old_id, new_id;
  for reference in
    select c.conrelid::regclass as of_table, a.attname as name
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'public.players'::regclass and cardinality(c.conkey) = 1
  loop
    execute format('update %s set %I = $2 where %2$I = $1', reference.of_table, reference.name)
      using old_id, new_id;
  end loop;
  execute 'delete from public.players where id = $1' using old_id;
end $function$;

CREATE OR REPLACE FUNCTION newday.folded_text(of_text text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
begin
  if octet_length(of_text) = char_length(of_text) or getdatabaseencoding() <> 'UTF8' then
    return lower(of_text collate "C");
  end if;
  return (select coalesce(string_agg(coalesce('{
    "\u00b5":"\u03bc","\u00c6":"\u00e6","\u00d0":"\u00f0","\u00d8":"\u00f8","\u00de":"\u00fe","\u00df":"ss",
    "\u0110":"\u0111","\u0126":"\u0127","\u0131":"i","\u0132":"\u0133","\u013f":"\u0140","\u0141":"\u0142",
    "\u0149":"\u02bcn","\u014a":"\u014b","\u0152":"\u0153","\u0166":"\u0167","\u017f":"s","\u0181":"\u0253",
    "\u0182":"\u0183","\u0184":"\u0185","\u0186":"\u0254","\u0187":"\u0188","\u0189":"\u0256","\u018a":"\u0257",
    "\u018b":"\u018c","\u018e":"\u01dd","\u018f":"\u0259","\u0190":"\u025b","\u0191":"\u0192","\u0193":"\u0260",
    "\u0194":"\u0263","\u0196":"\u0269","\u0197":"\u0268","\u0198":"\u0199","\u019c":"\u026f","\u019d":"\u0272",
    "\u019f":"\u0275","\u01a2":"\u01a3","\u01a4":"\u01a5","\u01a6":"\u0280","\u01a7":"\u01a8","\u01a9":"\u0283",
    "\u01ac":"\u01ad","\u01ae":"\u0288","\u01b1":"\u028a","\u01b2":"\u028b","\u01b3":"\u01b4","\u01b5":"\u01b6",
    "\u01b7":"\u0292","\u01b8":"\u01b9","\u01bc":"\u01bd","\u01c4":"\u01c6","\u01c5":"\u01c6","\u01c7":"\u01c9",
    "\u01c8":"\u01c9","\u01ca":"\u01cc","\u01cb":"\u01cc","\u01e4":"\u01e5","\u01f1":"\u01f3","\u01f2":"\u01f3",
    "\u01f6":"\u0195","\u01f7":"\u01bf","\u021c":"\u021d","\u0220":"\u019e","\u0222":"\u0223","\u0224":"\u0225",
    "\u023a":"\u2c65","\u023b":"\u023c","\u023d":"\u019a","\u023e":"\u2c66","\u0241":"\u0242","\u0243":"\u0180",
    "\u0244":"\u0289","\u0245":"\u028c","\u0246":"\u0247","\u0248":"\u0249","\u024a":"\u024b","\u024c":"\u024d",
    "\u024e":"\u024f","\u0300":"","\u0301":"","\u0302":"","\u0303":"","\u0304":"","\u0305":"","\u0306":"","\u0307":"",
    "\u0308":"","\u0309":"","\u030a":"","\u030b":"","\u030c":"","\u030d":"","\u030e":"","\u030f":"","\u0310":"",
    "\u0311":"","\u0312":"","\u0313":"","\u0314":"","\u0315":"","\u0316":"","\u0317":"","\u0318":"","\u0319":"",
    "\u031a":"","\u031b":"","\u031c":"","\u031d":"","\u031e":"","\u031f":"","\u0320":"","\u0321":"","\u0322":"",
    "\u0323":"","\u0324":"","\u0325":"","\u0326":"","\u0327":"","\u0328":"","\u0329":"","\u032a":"","\u032b":"",
    "\u032c":"","\u032d":"","\u032e":"","\u032f":"","\u0330":"","\u0331":"","\u0332":"","\u0333":"","\u0334":"",
    "\u0335":"","\u0336":"","\u0337":"","\u0338":"","\u0339":"","\u033a":"","\u033b":"","\u033c":"","\u033d":"",
    "\u033e":"","\u033f":"","\u0342":"","\u0345":"\u03b9","\u0346":"","\u0347":"","\u0348":"","\u0349":"","\u034a":"",
    "\u034b":"","\u034c":"","\u034d":"","\u034e":"","\u0350":"","\u0351":"","\u0352":"","\u0353":"","\u0354":"",
    "\u0355":"","\u0356":"","\u0357":"","\u0358":"","\u0359":"","\u035a":"","\u035b":"","\u035c":"","\u035d":"",
    "\u035e":"","\u035f":"","\u0360":"","\u0361":"","\u0362":"","\u0363":"","\u0364":"","\u0365":"","\u0366":"",
    "\u0367":"","\u0368":"","\u0369":"","\u036a":"","\u036b":"","\u036c":"","\u036d":"","\u036e":"","\u036f":"",
    "\u0370":"\u0371","\u0372":"\u0373","\u0376":"\u0377","\u037f":"\u03f3","\u0391":"\u03b1","\u0392":"\u03b2",
    "\u0393":"\u03b3","\u0394":"\u03b4","\u0395":"\u03b5","\u0396":"\u03b6","\u0397":"\u03b7","\u0398":"\u03b8",
    "\u0399":"\u03b9","\u039a":"\u03ba","\u039b":"\u03bb","\u039c":"\u03bc","\u039d":"\u03bd","\u039e":"\u03be",
    "\u039f":"\u03bf","\u03a0":"\u03c0","\u03a1":"\u03c1","\u03a3":"\u03c3","\u03a4":"\u03c4","\u03a5":"\u03c5",
    "\u03a6":"\u03c6","\u03a7":"\u03c7","\u03a8":"\u03c8","\u03a9":"\u03c9","\u03c2":"\u03c3","\u03cf":"\u03d7",
    "\u03d0":"\u03b2","\u03d1":"\u03b8","\u03d5":"\u03c6","\u03d6":"\u03c0","\u03d8":"\u03d9","\u03da":"\u03db",
    "\u03dc":"\u03dd","\u03de":"\u03df","\u03e0":"\u03e1","\u03e2":"\u03e3","\u03e4":"\u03e5","\u03e6":"\u03e7",
    "\u03e8":"\u03e9","\u03ea":"\u03eb","\u03ec":"\u03ed","\u03ee":"\u03ef","\u03f0":"\u03ba","\u03f1":"\u03c1",
    "\u03f4":"\u03b8","\u03f5":"\u03b5","\u03f7":"\u03f8","\u03f9":"\u03f2","\u03fa":"\u03fb","\u03fd":"\u037b",
    "\u03fe":"\u037c","\u03ff":"\u037d","\u0402":"\u0452","\u0404":"\u0454","\u0405":"\u0455","\u0406":"\u0456",
    "\u0408":"\u0458","\u0409":"\u0459","\u040a":"\u045a","\u040b":"\u045b","\u040f":"\u045f","\u0410":"\u0430",
    "\u0411":"\u0431","\u0412":"\u0432","\u0413":"\u0433","\u0414":"\u0434","\u0415":"\u0435","\u0416":"\u0436",
    "\u0417":"\u0437","\u0418":"\u0438","\u041a":"\u043a","\u041b":"\u043b","\u041c":"\u043c","\u041d":"\u043d",
    "\u041e":"\u043e","\u041f":"\u043f","\u0420":"\u0440","\u0421":"\u0441","\u0422":"\u0442","\u0423":"\u0443",
    "\u0424":"\u0444","\u0425":"\u0445","\u0426":"\u0446","\u0427":"\u0447","\u0428":"\u0448","\u0429":"\u0449",
    "\u042a":"\u044a","\u042b":"\u044b","\u042c":"\u044c","\u042d":"\u044d","\u042e":"\u044e","\u042f":"\u044f",
    "\u0460":"\u0461","\u0462":"\u0463","\u0464":"\u0465","\u0466":"\u0467","\u0468":"\u0469","\u046a":"\u046b",
    "\u046c":"\u046d","\u046e":"\u046f","\u0470":"\u0471","\u0472":"\u0473","\u0474":"\u0475","\u0478":"\u0479",
    "\u047a":"\u047b","\u047c":"\u047d","\u047e":"\u047f","\u0480":"\u0481","\u0483":"","\u0484":"","\u0485":"",
    "\u0486":"","\u0487":"","\u048a":"\u048b","\u048c":"\u048d","\u048e":"\u048f","\u0490":"\u0491","\u0492":"\u0493",
    "\u0494":"\u0495","\u0496":"\u0497","\u0498":"\u0499","\u049a":"\u049b","\u049c":"\u049d","\u049e":"\u049f",
    "\u04a0":"\u04a1","\u04a2":"\u04a3","\u04a4":"\u04a5","\u04a6":"\u04a7","\u04a8":"\u04a9","\u04aa":"\u04ab",
    "\u04ac":"\u04ad","\u04ae":"\u04af","\u04b0":"\u04b1","\u04b2":"\u04b3","\u04b4":"\u04b5","\u04b6":"\u04b7",
    "\u04b8":"\u04b9","\u04ba":"\u04bb","\u04bc":"\u04bd","\u04be":"\u04bf","\u04c0":"\u04cf","\u04c3":"\u04c4",
    "\u04c5":"\u04c6","\u04c7":"\u04c8","\u04c9":"\u04ca","\u04cb":"\u04cc","\u04cd":"\u04ce","\u04d4":"\u04d5",
    "\u04d8":"\u04d9","\u04e0":"\u04e1","\u04e8":"\u04e9","\u04f6":"\u04f7","\u04fa":"\u04fb","\u04fc":"\u04fd",
    "\u04fe":"\u04ff","\u0500":"\u0501","\u0502":"\u0503","\u0504":"\u0505","\u0506":"\u0507","\u0508":"\u0509",
    "\u050a":"\u050b","\u050c":"\u050d","\u050e":"\u050f","\u0510":"\u0511","\u0512":"\u0513","\u0514":"\u0515",
    "\u0516":"\u0517","\u0518":"\u0519","\u051a":"\u051b","\u051c":"\u051d","\u051e":"\u051f","\u0520":"\u0521",
    "\u0522":"\u0523","\u0524":"\u0525","\u0526":"\u0527","\u0528":"\u0529","\u052a":"\u052b","\u052c":"\u052d",
    "\u052e":"\u052f","\u0531":"\u0561","\u0532":"\u0562","\u0533":"\u0563","\u0534":"\u0564","\u0535":"\u0565",
    "\u0536":"\u0566","\u0537":"\u0567","\u0538":"\u0568","\u0539":"\u0569","\u053a":"\u056a","\u053b":"\u056b",
    "\u053c":"\u056c","\u053d":"\u056d","\u053e":"\u056e","\u053f":"\u056f","\u0540":"\u0570","\u0541":"\u0571",
    "\u0542":"\u0572","\u0543":"\u0573","\u0544":"\u0574","\u0545":"\u0575","\u0546":"\u0576","\u0547":"\u0577",
    "\u0548":"\u0578","\u0549":"\u0579","\u054a":"\u057a","\u054b":"\u057b","\u054c":"\u057c","\u054d":"\u057d",
    "\u054e":"\u057e","\u054f":"\u057f","\u0550":"\u0580","\u0551":"\u0581","\u0552":"\u0582","\u0553":"\u0583",
    "\u0554":"\u0584","\u0555":"\u0585","\u0556":"\u0586","\u0587":"\u0565\u0582","\u0591":"","\u0592":"","\u0593":"",
    "\u0594":"","\u0595":"","\u0596":"","\u0597":"","\u0598":"","\u0599":"","\u059a":"","\u059b":"","\u059c":"",
    "\u059d":"","\u059e":"","\u059f":"","\u05a0":"","\u05a1":"","\u05a2":"","\u05a3":"","\u05a4":"","\u05a5":"",
    "\u05a6":"","\u05a7":"","\u05a8":"","\u05a9":"","\u05aa":"","\u05ab":"","\u05ac":"","\u05ad":"","\u05ae":"",
    "\u05af":"","\u05b0":"","\u05b1":"","\u05b2":"","\u05b3":"","\u05b4":"","\u05b5":"","\u05b6":"","\u05b7":"",
    "\u05b8":"","\u05b9":"","\u05ba":"","\u05bb":"","\u05bc":"","\u05bd":"","\u05bf":"","\u05c1":"","\u05c2":"",
    "\u05c4":"","\u05c5":"","\u05c7":"","\u0610":"","\u0611":"","\u0612":"","\u0613":"","\u0614":"","\u0615":"",
    "\u0616":"","\u0617":"","\u0618":"","\u0619":"","\u061a":"","\u064b":"","\u064c":"","\u064d":"","\u064e":"",
    "\u064f":"","\u0650":"","\u0651":"","\u0652":"","\u0653":"","\u0654":"","\u0655":"","\u0656":"","\u0657":"",
    "\u0658":"","\u0659":"","\u065a":"","\u065b":"","\u065c":"","\u065d":"","\u065e":"","\u065f":"","\u0670":"",
    "\u06d6":"","\u06d7":"","\u06d8":"","\u06d9":"","\u06da":"","\u06db":"","\u06dc":"","\u06df":"","\u06e0":"",
    "\u06e1":"","\u06e2":"","\u06e3":"","\u06e4":"","\u06e7":"","\u06e8":"","\u06ea":"","\u06eb":"","\u06ec":"",
    "\u06ed":"","\u0711":"","\u0730":"","\u0731":"","\u0732":"","\u0733":"","\u0734":"","\u0735":"","\u0736":"",
    "\u0737":"","\u0738":"","\u0739":"","\u073a":"","\u073b":"","\u073c":"","\u073d":"","\u073e":"","\u073f":"",
    "\u0740":"","\u0741":"","\u0742":"","\u0743":"","\u0744":"","\u0745":"","\u0746":"","\u0747":"","\u0748":"",
    "\u0749":"","\u074a":"","\u07eb":"","\u07ec":"","\u07ed":"","\u07ee":"","\u07ef":"","\u07f0":"","\u07f1":"",
    "\u07f2":"","\u07f3":"","\u07fd":"","\u0816":"","\u0817":"","\u0818":"","\u0819":"","\u081b":"","\u081c":"",
    "\u081d":"","\u081e":"","\u081f":"","\u0820":"","\u0821":"","\u0822":"","\u0823":"","\u0825":"","\u0826":"",
    "\u0827":"","\u0829":"","\u082a":"","\u082b":"","\u082c":"","\u082d":"","\u0859":"","\u085a":"","\u085b":"",
    "\u0897":"","\u0898":"","\u0899":"","\u089a":"","\u089b":"","\u089c":"","\u089d":"","\u089e":"","\u089f":"",
    "\u08ca":"","\u08cb":"","\u08cc":"","\u08cd":"","\u08ce":"","\u08cf":"","\u08d0":"","\u08d1":"","\u08d2":"",
    "\u08d3":"","\u08d4":"","\u08d5":"","\u08d6":"","\u08d7":"","\u08d8":"","\u08d9":"","\u08da":"","\u08db":"",
    "\u08dc":"","\u08dd":"","\u08de":"","\u08df":"","\u08e0":"","\u08e1":"","\u08e3":"","\u08e4":"","\u08e5":"",
    "\u08e6":"","\u08e7":"","\u08e8":"","\u08e9":"","\u08ea":"","\u08eb":"","\u08ec":"","\u08ed":"","\u08ee":"",
    "\u08ef":"","\u08f0":"","\u08f1":"","\u08f2":"","\u08f3":"","\u08f4":"","\u08f5":"","\u08f6":"","\u08f7":"",
    "\u08f8":"","\u08f9":"","\u08fa":"","\u08fb":"","\u08fc":"","\u08fd":"","\u08fe":"","\u08ff":"","\u093c":"",
    "\u094d":"","\u0951":"","\u0952":"","\u0953":"","\u0954":"","\u09bc":"","\u09cd":"","\u09fe":"","\u0a3c":"",
    "\u0a4d":"","\u0abc":"","\u0acd":"","\u0b3c":"","\u0b4d":"","\u0bcd":"","\u0c3c":"","\u0c4d":"","\u0c55":"",
    "\u0c56":"","\u0cbc":"","\u0ccd":"","\u0d3b":"","\u0d3c":"","\u0d4d":"","\u0dca":"","\u0e38":"","\u0e39":"",
    "\u0e3a":"","\u0e48":"","\u0e49":"","\u0e4a":"","\u0e4b":"","\u0eb8":"","\u0eb9":"","\u0eba":"","\u0ec8":"",
    "\u0ec9":"","\u0eca":"","\u0ecb":"","\u0f18":"","\u0f19":"","\u0f35":"","\u0f37":"","\u0f39":"","\u0f71":"",
    "\u0f72":"","\u0f74":"","\u0f7a":"","\u0f7b":"","\u0f7c":"","\u0f7d":"","\u0f80":"","\u0f82":"","\u0f83":"",
    "\u0f84":"","\u0f86":"","\u0f87":"","\u0fc6":"","\u1037":"","\u1039":"","\u103a":"","\u108d":"","\u10a0":"\u2d00",
    "\u10a1":"\u2d01","\u10a2":"\u2d02","\u10a3":"\u2d03","\u10a4":"\u2d04","\u10a5":"\u2d05","\u10a6":"\u2d06",
    "\u10a7":"\u2d07","\u10a8":"\u2d08","\u10a9":"\u2d09","\u10aa":"\u2d0a","\u10ab":"\u2d0b","\u10ac":"\u2d0c",
    "\u10ad":"\u2d0d","\u10ae":"\u2d0e","\u10af":"\u2d0f","\u10b0":"\u2d10","\u10b1":"\u2d11","\u10b2":"\u2d12",
    "\u10b3":"\u2d13","\u10b4":"\u2d14","\u10b5":"\u2d15","\u10b6":"\u2d16","\u10b7":"\u2d17","\u10b8":"\u2d18",
    "\u10b9":"\u2d19","\u10ba":"\u2d1a","\u10bb":"\u2d1b","\u10bc":"\u2d1c","\u10bd":"\u2d1d","\u10be":"\u2d1e",
    "\u10bf":"\u2d1f","\u10c0":"\u2d20","\u10c1":"\u2d21","\u10c2":"\u2d22","\u10c3":"\u2d23","\u10c4":"\u2d24",
    "\u10c5":"\u2d25","\u10c7":"\u2d27","\u10cd":"\u2d2d","\u135d":"","\u135e":"","\u135f":"","\u13a0":"\uab70",
    "\u13a1":"\uab71","\u13a2":"\uab72","\u13a3":"\uab73","\u13a4":"\uab74","\u13a5":"\uab75","\u13a6":"\uab76",
    "\u13a7":"\uab77","\u13a8":"\uab78","\u13a9":"\uab79","\u13aa":"\uab7a","\u13ab":"\uab7b","\u13ac":"\uab7c",
    "\u13ad":"\uab7d","\u13ae":"\uab7e","\u13af":"\uab7f","\u13b0":"\uab80","\u13b1":"\uab81","\u13b2":"\uab82",
    "\u13b3":"\uab83","\u13b4":"\uab84","\u13b5":"\uab85","\u13b6":"\uab86","\u13b7":"\uab87","\u13b8":"\uab88",
    "\u13b9":"\uab89","\u13ba":"\uab8a","\u13bb":"\uab8b","\u13bc":"\uab8c","\u13bd":"\uab8d","\u13be":"\uab8e",
    "\u13bf":"\uab8f","\u13c0":"\uab90","\u13c1":"\uab91","\u13c2":"\uab92","\u13c3":"\uab93","\u13c4":"\uab94",
    "\u13c5":"\uab95","\u13c6":"\uab96","\u13c7":"\uab97","\u13c8":"\uab98","\u13c9":"\uab99","\u13ca":"\uab9a",
    "\u13cb":"\uab9b","\u13cc":"\uab9c","\u13cd":"\uab9d","\u13ce":"\uab9e","\u13cf":"\uab9f","\u13d0":"\uaba0",
    "\u13d1":"\uaba1","\u13d2":"\uaba2","\u13d3":"\uaba3","\u13d4":"\uaba4","\u13d5":"\uaba5","\u13d6":"\uaba6",
    "\u13d7":"\uaba7","\u13d8":"\uaba8","\u13d9":"\uaba9","\u13da":"\uabaa","\u13db":"\uabab","\u13dc":"\uabac",
    "\u13dd":"\uabad","\u13de":"\uabae","\u13df":"\uabaf","\u13e0":"\uabb0","\u13e1":"\uabb1","\u13e2":"\uabb2",
    "\u13e3":"\uabb3","\u13e4":"\uabb4","\u13e5":"\uabb5","\u13e6":"\uabb6","\u13e7":"\uabb7","\u13e8":"\uabb8",
    "\u13e9":"\uabb9","\u13ea":"\uabba","\u13eb":"\uabbb","\u13ec":"\uabbc","\u13ed":"\uabbd","\u13ee":"\uabbe",
    "\u13ef":"\uabbf","\u13f0":"\u13f8","\u13f1":"\u13f9","\u13f2":"\u13fa","\u13f3":"\u13fb","\u13f4":"\u13fc",
    "\u13f5":"\u13fd","\u1714":"","\u1715":"","\u1734":"","\u17d2":"","\u17dd":"","\u18a9":"","\u1939":"","\u193a":"",
    "\u193b":"","\u1a17":"","\u1a18":"","\u1a60":"","\u1a75":"","\u1a76":"","\u1a77":"","\u1a78":"","\u1a79":"",
    "\u1a7a":"","\u1a7b":"","\u1a7c":"","\u1a7f":"","\u1ab0":"","\u1ab1":"","\u1ab2":"","\u1ab3":"","\u1ab4":"",
    "\u1ab5":"","\u1ab6":"","\u1ab7":"","\u1ab8":"","\u1ab9":"","\u1aba":"","\u1abb":"","\u1abc":"","\u1abd":"",
    "\u1abf":"","\u1ac0":"","\u1ac1":"","\u1ac2":"","\u1ac3":"","\u1ac4":"","\u1ac5":"","\u1ac6":"","\u1ac7":"",
    "\u1ac8":"","\u1ac9":"","\u1aca":"","\u1acb":"","\u1acc":"","\u1acd":"","\u1ace":"","\u1acf":"","\u1ad0":"",
    "\u1ad1":"","\u1ad2":"","\u1ad3":"","\u1ad4":"","\u1ad5":"","\u1ad6":"","\u1ad7":"","\u1ad8":"","\u1ad9":"",
    "\u1ada":"","\u1adb":"","\u1adc":"","\u1add":"","\u1ae0":"","\u1ae1":"","\u1ae2":"","\u1ae3":"","\u1ae4":"",
    "\u1ae5":"","\u1ae6":"","\u1ae7":"","\u1ae8":"","\u1ae9":"","\u1aea":"","\u1aeb":"","\u1b34":"","\u1b44":"",
    "\u1b6b":"","\u1b6c":"","\u1b6d":"","\u1b6e":"","\u1b6f":"","\u1b70":"","\u1b71":"","\u1b72":"","\u1b73":"",
    "\u1baa":"","\u1bab":"","\u1be6":"","\u1bf2":"","\u1bf3":"","\u1c37":"","\u1c80":"\u0432","\u1c81":"\u0434",
    "\u1c82":"\u043e","\u1c83":"\u0441","\u1c84":"\u0442","\u1c85":"\u0442","\u1c86":"\u044a","\u1c87":"\u0463",
    "\u1c88":"\ua64b","\u1c89":"\u1c8a","\u1c90":"\u10d0","\u1c91":"\u10d1","\u1c92":"\u10d2","\u1c93":"\u10d3",
    "\u1c94":"\u10d4","\u1c95":"\u10d5","\u1c96":"\u10d6","\u1c97":"\u10d7","\u1c98":"\u10d8","\u1c99":"\u10d9",
    "\u1c9a":"\u10da","\u1c9b":"\u10db","\u1c9c":"\u10dc","\u1c9d":"\u10dd","\u1c9e":"\u10de","\u1c9f":"\u10df",
    "\u1ca0":"\u10e0","\u1ca1":"\u10e1","\u1ca2":"\u10e2","\u1ca3":"\u10e3","\u1ca4":"\u10e4","\u1ca5":"\u10e5",
    "\u1ca6":"\u10e6","\u1ca7":"\u10e7","\u1ca8":"\u10e8","\u1ca9":"\u10e9","\u1caa":"\u10ea","\u1cab":"\u10eb",
    "\u1cac":"\u10ec","\u1cad":"\u10ed","\u1cae":"\u10ee","\u1caf":"\u10ef","\u1cb0":"\u10f0","\u1cb1":"\u10f1",
    "\u1cb2":"\u10f2","\u1cb3":"\u10f3","\u1cb4":"\u10f4","\u1cb5":"\u10f5","\u1cb6":"\u10f6","\u1cb7":"\u10f7",
    "\u1cb8":"\u10f8","\u1cb9":"\u10f9","\u1cba":"\u10fa","\u1cbd":"\u10fd","\u1cbe":"\u10fe","\u1cbf":"\u10ff",
    "\u1cd0":"","\u1cd1":"","\u1cd2":"","\u1cd4":"","\u1cd5":"","\u1cd6":"","\u1cd7":"","\u1cd8":"","\u1cd9":"",
    "\u1cda":"","\u1cdb":"","\u1cdc":"","\u1cdd":"","\u1cde":"","\u1cdf":"","\u1ce0":"","\u1ce2":"","\u1ce3":"",
    "\u1ce4":"","\u1ce5":"","\u1ce6":"","\u1ce7":"","\u1ce8":"","\u1ced":"","\u1cf4":"","\u1cf8":"","\u1cf9":"",
    "\u1dc0":"","\u1dc1":"","\u1dc2":"","\u1dc3":"","\u1dc4":"","\u1dc5":"","\u1dc6":"","\u1dc7":"","\u1dc8":"",
    "\u1dc9":"","\u1dca":"","\u1dcb":"","\u1dcc":"","\u1dcd":"","\u1dce":"","\u1dcf":"","\u1dd0":"","\u1dd1":"",
    "\u1dd2":"","\u1dd3":"","\u1dd4":"","\u1dd5":"","\u1dd6":"","\u1dd7":"","\u1dd8":"","\u1dd9":"","\u1dda":"",
    "\u1ddb":"","\u1ddc":"","\u1ddd":"","\u1dde":"","\u1ddf":"","\u1de0":"","\u1de1":"","\u1de2":"","\u1de3":"",
    "\u1de4":"","\u1de5":"","\u1de6":"","\u1de7":"","\u1de8":"","\u1de9":"","\u1dea":"","\u1deb":"","\u1dec":"",
    "\u1ded":"","\u1dee":"","\u1def":"","\u1df0":"","\u1df1":"","\u1df2":"","\u1df3":"","\u1df4":"","\u1df5":"",
    "\u1df6":"","\u1df7":"","\u1df8":"","\u1df9":"","\u1dfa":"","\u1dfb":"","\u1dfc":"","\u1dfd":"","\u1dfe":"",
    "\u1dff":"","\u1e9a":"a\u02be","\u1e9e":"ss","\u1efa":"\u1efb","\u1efc":"\u1efd","\u1efe":"\u1eff","\u20d0":"",
    "\u20d1":"","\u20d2":"","\u20d3":"","\u20d4":"","\u20d5":"","\u20d6":"","\u20d7":"","\u20d8":"","\u20d9":"",
    "\u20da":"","\u20db":"","\u20dc":"","\u20e1":"","\u20e5":"","\u20e6":"","\u20e7":"","\u20e8":"","\u20e9":"",
    "\u20ea":"","\u20eb":"","\u20ec":"","\u20ed":"","\u20ee":"","\u20ef":"","\u20f0":"","\u2132":"\u214e",
    "\u2160":"\u2170","\u2161":"\u2171","\u2162":"\u2172","\u2163":"\u2173","\u2164":"\u2174","\u2165":"\u2175",
    "\u2166":"\u2176","\u2167":"\u2177","\u2168":"\u2178","\u2169":"\u2179","\u216a":"\u217a","\u216b":"\u217b",
    "\u216c":"\u217c","\u216d":"\u217d","\u216e":"\u217e","\u216f":"\u217f","\u2183":"\u2184","\u24b6":"\u24d0",
    "\u24b7":"\u24d1","\u24b8":"\u24d2","\u24b9":"\u24d3","\u24ba":"\u24d4","\u24bb":"\u24d5","\u24bc":"\u24d6",
    "\u24bd":"\u24d7","\u24be":"\u24d8","\u24bf":"\u24d9","\u24c0":"\u24da","\u24c1":"\u24db","\u24c2":"\u24dc",
    "\u24c3":"\u24dd","\u24c4":"\u24de","\u24c5":"\u24df","\u24c6":"\u24e0","\u24c7":"\u24e1","\u24c8":"\u24e2",
    "\u24c9":"\u24e3","\u24ca":"\u24e4","\u24cb":"\u24e5","\u24cc":"\u24e6","\u24cd":"\u24e7","\u24ce":"\u24e8",
    "\u24cf":"\u24e9","\u2c00":"\u2c30","\u2c01":"\u2c31","\u2c02":"\u2c32","\u2c03":"\u2c33","\u2c04":"\u2c34",
    "\u2c05":"\u2c35","\u2c06":"\u2c36","\u2c07":"\u2c37","\u2c08":"\u2c38","\u2c09":"\u2c39","\u2c0a":"\u2c3a",
    "\u2c0b":"\u2c3b","\u2c0c":"\u2c3c","\u2c0d":"\u2c3d","\u2c0e":"\u2c3e","\u2c0f":"\u2c3f","\u2c10":"\u2c40",
    "\u2c11":"\u2c41","\u2c12":"\u2c42","\u2c13":"\u2c43","\u2c14":"\u2c44","\u2c15":"\u2c45","\u2c16":"\u2c46",
    "\u2c17":"\u2c47","\u2c18":"\u2c48","\u2c19":"\u2c49","\u2c1a":"\u2c4a","\u2c1b":"\u2c4b","\u2c1c":"\u2c4c",
    "\u2c1d":"\u2c4d","\u2c1e":"\u2c4e","\u2c1f":"\u2c4f","\u2c20":"\u2c50","\u2c21":"\u2c51","\u2c22":"\u2c52",
    "\u2c23":"\u2c53","\u2c24":"\u2c54","\u2c25":"\u2c55","\u2c26":"\u2c56","\u2c27":"\u2c57","\u2c28":"\u2c58",
    "\u2c29":"\u2c59","\u2c2a":"\u2c5a","\u2c2b":"\u2c5b","\u2c2c":"\u2c5c","\u2c2d":"\u2c5d","\u2c2e":"\u2c5e",
    "\u2c2f":"\u2c5f","\u2c60":"\u2c61","\u2c62":"\u026b","\u2c63":"\u1d7d","\u2c64":"\u027d","\u2c67":"\u2c68",
    "\u2c69":"\u2c6a","\u2c6b":"\u2c6c","\u2c6d":"\u0251","\u2c6e":"\u0271","\u2c6f":"\u0250","\u2c70":"\u0252",
    "\u2c72":"\u2c73","\u2c75":"\u2c76","\u2c7e":"\u023f","\u2c7f":"\u0240","\u2c80":"\u2c81","\u2c82":"\u2c83",
    "\u2c84":"\u2c85","\u2c86":"\u2c87","\u2c88":"\u2c89","\u2c8a":"\u2c8b","\u2c8c":"\u2c8d","\u2c8e":"\u2c8f",
    "\u2c90":"\u2c91","\u2c92":"\u2c93","\u2c94":"\u2c95","\u2c96":"\u2c97","\u2c98":"\u2c99","\u2c9a":"\u2c9b",
    "\u2c9c":"\u2c9d","\u2c9e":"\u2c9f","\u2ca0":"\u2ca1","\u2ca2":"\u2ca3","\u2ca4":"\u2ca5","\u2ca6":"\u2ca7",
    "\u2ca8":"\u2ca9","\u2caa":"\u2cab","\u2cac":"\u2cad","\u2cae":"\u2caf","\u2cb0":"\u2cb1","\u2cb2":"\u2cb3",
    "\u2cb4":"\u2cb5","\u2cb6":"\u2cb7","\u2cb8":"\u2cb9","\u2cba":"\u2cbb","\u2cbc":"\u2cbd","\u2cbe":"\u2cbf",
    "\u2cc0":"\u2cc1","\u2cc2":"\u2cc3","\u2cc4":"\u2cc5","\u2cc6":"\u2cc7","\u2cc8":"\u2cc9","\u2cca":"\u2ccb",
    "\u2ccc":"\u2ccd","\u2cce":"\u2ccf","\u2cd0":"\u2cd1","\u2cd2":"\u2cd3","\u2cd4":"\u2cd5","\u2cd6":"\u2cd7",
    "\u2cd8":"\u2cd9","\u2cda":"\u2cdb","\u2cdc":"\u2cdd","\u2cde":"\u2cdf","\u2ce0":"\u2ce1","\u2ce2":"\u2ce3",
    "\u2ceb":"\u2cec","\u2ced":"\u2cee","\u2cef":"","\u2cf0":"","\u2cf1":"","\u2cf2":"\u2cf3","\u2d7f":"","\u2de0":"",
    "\u2de1":"","\u2de2":"","\u2de3":"","\u2de4":"","\u2de5":"","\u2de6":"","\u2de7":"","\u2de8":"","\u2de9":"",
    "\u2dea":"","\u2deb":"","\u2dec":"","\u2ded":"","\u2dee":"","\u2def":"","\u2df0":"","\u2df1":"","\u2df2":"",
    "\u2df3":"","\u2df4":"","\u2df5":"","\u2df6":"","\u2df7":"","\u2df8":"","\u2df9":"","\u2dfa":"","\u2dfb":"",
    "\u2dfc":"","\u2dfd":"","\u2dfe":"","\u2dff":"","\u302a":"","\u302b":"","\u302c":"","\u302d":"","\u302e":"",
    "\u302f":"","\u3099":"","\u309a":"","\ua640":"\ua641","\ua642":"\ua643","\ua644":"\ua645","\ua646":"\ua647",
    "\ua648":"\ua649","\ua64a":"\ua64b","\ua64c":"\ua64d","\ua64e":"\ua64f","\ua650":"\ua651","\ua652":"\ua653",
    "\ua654":"\ua655","\ua656":"\ua657","\ua658":"\ua659","\ua65a":"\ua65b","\ua65c":"\ua65d","\ua65e":"\ua65f",
    "\ua660":"\ua661","\ua662":"\ua663","\ua664":"\ua665","\ua666":"\ua667","\ua668":"\ua669","\ua66a":"\ua66b",
    "\ua66c":"\ua66d","\ua66f":"","\ua674":"","\ua675":"","\ua676":"","\ua677":"","\ua678":"","\ua679":"","\ua67a":"",
    "\ua67b":"","\ua67c":"","\ua67d":"","\ua680":"\ua681","\ua682":"\ua683","\ua684":"\ua685","\ua686":"\ua687",
    "\ua688":"\ua689","\ua68a":"\ua68b","\ua68c":"\ua68d","\ua68e":"\ua68f","\ua690":"\ua691","\ua692":"\ua693",
    "\ua694":"\ua695","\ua696":"\ua697","\ua698":"\ua699","\ua69a":"\ua69b","\ua69e":"","\ua69f":"","\ua6f0":"",
    "\ua6f1":"","\ua722":"\ua723","\ua724":"\ua725","\ua726":"\ua727","\ua728":"\ua729","\ua72a":"\ua72b",
    "\ua72c":"\ua72d","\ua72e":"\ua72f","\ua732":"\ua733","\ua734":"\ua735","\ua736":"\ua737","\ua738":"\ua739",
    "\ua73a":"\ua73b","\ua73c":"\ua73d","\ua73e":"\ua73f","\ua740":"\ua741","\ua742":"\ua743","\ua744":"\ua745",
    "\ua746":"\ua747","\ua748":"\ua749","\ua74a":"\ua74b","\ua74c":"\ua74d","\ua74e":"\ua74f","\ua750":"\ua751",
    "\ua752":"\ua753","\ua754":"\ua755","\ua756":"\ua757","\ua758":"\ua759","\ua75a":"\ua75b","\ua75c":"\ua75d",
    "\ua75e":"\ua75f","\ua760":"\ua761","\ua762":"\ua763","\ua764":"\ua765","\ua766":"\ua767","\ua768":"\ua769",
    "\ua76a":"\ua76b","\ua76c":"\ua76d","\ua76e":"\ua76f","\ua779":"\ua77a","\ua77b":"\ua77c","\ua77d":"\u1d79",
    "\ua77e":"\ua77f","\ua780":"\ua781","\ua782":"\ua783","\ua784":"\ua785","\ua786":"\ua787","\ua78b":"\ua78c",
    "\ua78d":"\u0265","\ua790":"\ua791","\ua792":"\ua793","\ua796":"\ua797","\ua798":"\ua799","\ua79a":"\ua79b",
    "\ua79c":"\ua79d","\ua79e":"\ua79f","\ua7a0":"\ua7a1","\ua7a2":"\ua7a3","\ua7a4":"\ua7a5","\ua7a6":"\ua7a7",
    "\ua7a8":"\ua7a9","\ua7aa":"\u0266","\ua7ab":"\u025c","\ua7ac":"\u0261","\ua7ad":"\u026c","\ua7ae":"\u026a",
    "\ua7b0":"\u029e","\ua7b1":"\u0287","\ua7b2":"\u029d","\ua7b3":"\uab53","\ua7b4":"\ua7b5","\ua7b6":"\ua7b7",
    "\ua7b8":"\ua7b9","\ua7ba":"\ua7bb","\ua7bc":"\ua7bd","\ua7be":"\ua7bf","\ua7c0":"\ua7c1","\ua7c2":"\ua7c3",
    "\ua7c4":"\ua794","\ua7c5":"\u0282","\ua7c6":"\u1d8e","\ua7c7":"\ua7c8","\ua7c9":"\ua7ca","\ua7cb":"\u0264",
    "\ua7cc":"\ua7cd","\ua7ce":"\ua7cf","\ua7d0":"\ua7d1","\ua7d2":"\ua7d3","\ua7d4":"\ua7d5","\ua7d6":"\ua7d7",
    "\ua7d8":"\ua7d9","\ua7da":"\ua7db","\ua7dc":"\u019b","\ua7f5":"\ua7f6","\ua806":"","\ua82c":"","\ua8c4":"",
    "\ua8e0":"","\ua8e1":"","\ua8e2":"","\ua8e3":"","\ua8e4":"","\ua8e5":"","\ua8e6":"","\ua8e7":"","\ua8e8":"",
    "\ua8e9":"","\ua8ea":"","\ua8eb":"","\ua8ec":"","\ua8ed":"","\ua8ee":"","\ua8ef":"","\ua8f0":"","\ua8f1":"",
    "\ua92b":"","\ua92c":"","\ua92d":"","\ua953":"","\ua9b3":"","\ua9c0":"","\uaab0":"","\uaab2":"","\uaab3":"",
    "\uaab4":"","\uaab7":"","\uaab8":"","\uaabe":"","\uaabf":"","\uaac1":"","\uaaf6":"","\uabed":"","\ufb00":"ff",
    "\ufb01":"fi","\ufb02":"fl","\ufb03":"ffi","\ufb04":"ffl","\ufb05":"st","\ufb06":"st","\ufb13":"\u0574\u0576",
    "\ufb14":"\u0574\u0565","\ufb15":"\u0574\u056b","\ufb16":"\u057e\u0576","\ufb17":"\u0574\u056d","\ufb1e":"",
    "\ufe20":"","\ufe21":"","\ufe22":"","\ufe23":"","\ufe24":"","\ufe25":"","\ufe26":"","\ufe27":"","\ufe28":"",
    "\ufe29":"","\ufe2a":"","\ufe2b":"","\ufe2c":"","\ufe2d":"","\ufe2e":"","\ufe2f":"","\uff21":"\uff41",
    "\uff22":"\uff42","\uff23":"\uff43","\uff24":"\uff44","\uff25":"\uff45","\uff26":"\uff46","\uff27":"\uff47",
    "\uff28":"\uff48","\uff29":"\uff49","\uff2a":"\uff4a","\uff2b":"\uff4b","\uff2c":"\uff4c","\uff2d":"\uff4d",
    "\uff2e":"\uff4e","\uff2f":"\uff4f","\uff30":"\uff50","\uff31":"\uff51","\uff32":"\uff52","\uff33":"\uff53",
    "\uff34":"\uff54","\uff35":"\uff55","\uff36":"\uff56","\uff37":"\uff57","\uff38":"\uff58","\uff39":"\uff59",
    "\uff3a":"\uff5a","\ud800\uddfd":"","\ud800\udee0":"","\ud800\udf76":"","\ud800\udf77":"","\ud800\udf78":"",
    "\ud800\udf79":"","\ud800\udf7a":"","\ud801\udc00":"\ud801\udc28","\ud801\udc01":"\ud801\udc29",
    "\ud801\udc02":"\ud801\udc2a","\ud801\udc03":"\ud801\udc2b","\ud801\udc04":"\ud801\udc2c",
    "\ud801\udc05":"\ud801\udc2d","\ud801\udc06":"\ud801\udc2e","\ud801\udc07":"\ud801\udc2f",
    "\ud801\udc08":"\ud801\udc30","\ud801\udc09":"\ud801\udc31","\ud801\udc0a":"\ud801\udc32",
    "\ud801\udc0b":"\ud801\udc33","\ud801\udc0c":"\ud801\udc34","\ud801\udc0d":"\ud801\udc35",
    "\ud801\udc0e":"\ud801\udc36","\ud801\udc0f":"\ud801\udc37","\ud801\udc10":"\ud801\udc38",
    "\ud801\udc11":"\ud801\udc39","\ud801\udc12":"\ud801\udc3a","\ud801\udc13":"\ud801\udc3b",
    "\ud801\udc14":"\ud801\udc3c","\ud801\udc15":"\ud801\udc3d","\ud801\udc16":"\ud801\udc3e",
    "\ud801\udc17":"\ud801\udc3f","\ud801\udc18":"\ud801\udc40","\ud801\udc19":"\ud801\udc41",
    "\ud801\udc1a":"\ud801\udc42","\ud801\udc1b":"\ud801\udc43","\ud801\udc1c":"\ud801\udc44",
    "\ud801\udc1d":"\ud801\udc45","\ud801\udc1e":"\ud801\udc46","\ud801\udc1f":"\ud801\udc47",
    "\ud801\udc20":"\ud801\udc48","\ud801\udc21":"\ud801\udc49","\ud801\udc22":"\ud801\udc4a",
    "\ud801\udc23":"\ud801\udc4b","\ud801\udc24":"\ud801\udc4c","\ud801\udc25":"\ud801\udc4d",
    "\ud801\udc26":"\ud801\udc4e","\ud801\udc27":"\ud801\udc4f","\ud801\udcb0":"\ud801\udcd8",
    "\ud801\udcb1":"\ud801\udcd9","\ud801\udcb2":"\ud801\udcda","\ud801\udcb3":"\ud801\udcdb",
    "\ud801\udcb4":"\ud801\udcdc","\ud801\udcb5":"\ud801\udcdd","\ud801\udcb6":"\ud801\udcde",
    "\ud801\udcb7":"\ud801\udcdf","\ud801\udcb8":"\ud801\udce0","\ud801\udcb9":"\ud801\udce1",
    "\ud801\udcba":"\ud801\udce2","\ud801\udcbb":"\ud801\udce3","\ud801\udcbc":"\ud801\udce4",
    "\ud801\udcbd":"\ud801\udce5","\ud801\udcbe":"\ud801\udce6","\ud801\udcbf":"\ud801\udce7",
    "\ud801\udcc0":"\ud801\udce8","\ud801\udcc1":"\ud801\udce9","\ud801\udcc2":"\ud801\udcea",
    "\ud801\udcc3":"\ud801\udceb","\ud801\udcc4":"\ud801\udcec","\ud801\udcc5":"\ud801\udced",
    "\ud801\udcc6":"\ud801\udcee","\ud801\udcc7":"\ud801\udcef","\ud801\udcc8":"\ud801\udcf0",
    "\ud801\udcc9":"\ud801\udcf1","\ud801\udcca":"\ud801\udcf2","\ud801\udccb":"\ud801\udcf3",
    "\ud801\udccc":"\ud801\udcf4","\ud801\udccd":"\ud801\udcf5","\ud801\udcce":"\ud801\udcf6",
    "\ud801\udccf":"\ud801\udcf7","\ud801\udcd0":"\ud801\udcf8","\ud801\udcd1":"\ud801\udcf9",
    "\ud801\udcd2":"\ud801\udcfa","\ud801\udcd3":"\ud801\udcfb","\ud801\udd70":"\ud801\udd97",
    "\ud801\udd71":"\ud801\udd98","\ud801\udd72":"\ud801\udd99","\ud801\udd73":"\ud801\udd9a",
    "\ud801\udd74":"\ud801\udd9b","\ud801\udd75":"\ud801\udd9c","\ud801\udd76":"\ud801\udd9d",
    "\ud801\udd77":"\ud801\udd9e","\ud801\udd78":"\ud801\udd9f","\ud801\udd79":"\ud801\udda0",
    "\ud801\udd7a":"\ud801\udda1","\ud801\udd7c":"\ud801\udda3","\ud801\udd7d":"\ud801\udda4",
    "\ud801\udd7e":"\ud801\udda5","\ud801\udd7f":"\ud801\udda6","\ud801\udd80":"\ud801\udda7",
    "\ud801\udd81":"\ud801\udda8","\ud801\udd82":"\ud801\udda9","\ud801\udd83":"\ud801\uddaa",
    "\ud801\udd84":"\ud801\uddab","\ud801\udd85":"\ud801\uddac","\ud801\udd86":"\ud801\uddad",
    "\ud801\udd87":"\ud801\uddae","\ud801\udd88":"\ud801\uddaf","\ud801\udd89":"\ud801\uddb0",
    "\ud801\udd8a":"\ud801\uddb1","\ud801\udd8c":"\ud801\uddb3","\ud801\udd8d":"\ud801\uddb4",
    "\ud801\udd8e":"\ud801\uddb5","\ud801\udd8f":"\ud801\uddb6","\ud801\udd90":"\ud801\uddb7",
    "\ud801\udd91":"\ud801\uddb8","\ud801\udd92":"\ud801\uddb9","\ud801\udd94":"\ud801\uddbb",
    "\ud801\udd95":"\ud801\uddbc","\ud802\ude0d":"","\ud802\ude0f":"","\ud802\ude38":"","\ud802\ude39":"",
    "\ud802\ude3a":"","\ud802\ude3f":"","\ud802\udee5":"","\ud802\udee6":"","\ud803\udc80":"\ud803\udcc0",
    "\ud803\udc81":"\ud803\udcc1","\ud803\udc82":"\ud803\udcc2","\ud803\udc83":"\ud803\udcc3",
    "\ud803\udc84":"\ud803\udcc4","\ud803\udc85":"\ud803\udcc5","\ud803\udc86":"\ud803\udcc6",
    "\ud803\udc87":"\ud803\udcc7","\ud803\udc88":"\ud803\udcc8","\ud803\udc89":"\ud803\udcc9",
    "\ud803\udc8a":"\ud803\udcca","\ud803\udc8b":"\ud803\udccb","\ud803\udc8c":"\ud803\udccc",
    "\ud803\udc8d":"\ud803\udccd","\ud803\udc8e":"\ud803\udcce","\ud803\udc8f":"\ud803\udccf",
    "\ud803\udc90":"\ud803\udcd0","\ud803\udc91":"\ud803\udcd1","\ud803\udc92":"\ud803\udcd2",
    "\ud803\udc93":"\ud803\udcd3","\ud803\udc94":"\ud803\udcd4","\ud803\udc95":"\ud803\udcd5",
    "\ud803\udc96":"\ud803\udcd6","\ud803\udc97":"\ud803\udcd7","\ud803\udc98":"\ud803\udcd8",
    "\ud803\udc99":"\ud803\udcd9","\ud803\udc9a":"\ud803\udcda","\ud803\udc9b":"\ud803\udcdb",
    "\ud803\udc9c":"\ud803\udcdc","\ud803\udc9d":"\ud803\udcdd","\ud803\udc9e":"\ud803\udcde",
    "\ud803\udc9f":"\ud803\udcdf","\ud803\udca0":"\ud803\udce0","\ud803\udca1":"\ud803\udce1",
    "\ud803\udca2":"\ud803\udce2","\ud803\udca3":"\ud803\udce3","\ud803\udca4":"\ud803\udce4",
    "\ud803\udca5":"\ud803\udce5","\ud803\udca6":"\ud803\udce6","\ud803\udca7":"\ud803\udce7",
    "\ud803\udca8":"\ud803\udce8","\ud803\udca9":"\ud803\udce9","\ud803\udcaa":"\ud803\udcea",
    "\ud803\udcab":"\ud803\udceb","\ud803\udcac":"\ud803\udcec","\ud803\udcad":"\ud803\udced",
    "\ud803\udcae":"\ud803\udcee","\ud803\udcaf":"\ud803\udcef","\ud803\udcb0":"\ud803\udcf0",
    "\ud803\udcb1":"\ud803\udcf1","\ud803\udcb2":"\ud803\udcf2","\ud803\udd24":"","\ud803\udd25":"","\ud803\udd26":"",
    "\ud803\udd27":"","\ud803\udd50":"\ud803\udd70","\ud803\udd51":"\ud803\udd71","\ud803\udd52":"\ud803\udd72",
    "\ud803\udd53":"\ud803\udd73","\ud803\udd54":"\ud803\udd74","\ud803\udd55":"\ud803\udd75",
    "\ud803\udd56":"\ud803\udd76","\ud803\udd57":"\ud803\udd77","\ud803\udd58":"\ud803\udd78",
    "\ud803\udd59":"\ud803\udd79","\ud803\udd5a":"\ud803\udd7a","\ud803\udd5b":"\ud803\udd7b",
    "\ud803\udd5c":"\ud803\udd7c","\ud803\udd5d":"\ud803\udd7d","\ud803\udd5e":"\ud803\udd7e",
    "\ud803\udd5f":"\ud803\udd7f","\ud803\udd60":"\ud803\udd80","\ud803\udd61":"\ud803\udd81",
    "\ud803\udd62":"\ud803\udd82","\ud803\udd63":"\ud803\udd83","\ud803\udd64":"\ud803\udd84",
    "\ud803\udd65":"\ud803\udd85","\ud803\udd69":"","\ud803\udd6a":"","\ud803\udd6b":"","\ud803\udd6c":"",
    "\ud803\udd6d":"","\ud803\udeab":"","\ud803\udeac":"","\ud803\udefa":"","\ud803\udefb":"","\ud803\udefd":"",
    "\ud803\udefe":"","\ud803\udeff":"","\ud803\udf46":"","\ud803\udf47":"","\ud803\udf48":"","\ud803\udf49":"",
    "\ud803\udf4a":"","\ud803\udf4b":"","\ud803\udf4c":"","\ud803\udf4d":"","\ud803\udf4e":"","\ud803\udf4f":"",
    "\ud803\udf50":"","\ud803\udf82":"","\ud803\udf83":"","\ud803\udf84":"","\ud803\udf85":"","\ud804\udc46":"",
    "\ud804\udc70":"","\ud804\udc7f":"","\ud804\udcb9":"","\ud804\udcba":"","\ud804\udd00":"","\ud804\udd01":"",
    "\ud804\udd02":"","\ud804\udd33":"","\ud804\udd34":"","\ud804\udd73":"","\ud804\uddc0":"","\ud804\uddca":"",
    "\ud804\ude35":"","\ud804\ude36":"","\ud804\udee9":"","\ud804\udeea":"","\ud804\udf3b":"","\ud804\udf3c":"",
    "\ud804\udf4d":"","\ud804\udf66":"","\ud804\udf67":"","\ud804\udf68":"","\ud804\udf69":"","\ud804\udf6a":"",
    "\ud804\udf6b":"","\ud804\udf6c":"","\ud804\udf70":"","\ud804\udf71":"","\ud804\udf72":"","\ud804\udf73":"",
    "\ud804\udf74":"","\ud804\udfce":"","\ud804\udfcf":"","\ud804\udfd0":"","\ud805\udc42":"","\ud805\udc46":"",
    "\ud805\udc5e":"","\ud805\udcc2":"","\ud805\udcc3":"","\ud805\uddbf":"","\ud805\uddc0":"","\ud805\ude3f":"",
    "\ud805\udeb6":"","\ud805\udeb7":"","\ud805\udf2b":"","\ud806\udc39":"","\ud806\udc3a":"",
    "\ud806\udca0":"\ud806\udcc0","\ud806\udca1":"\ud806\udcc1","\ud806\udca2":"\ud806\udcc2",
    "\ud806\udca3":"\ud806\udcc3","\ud806\udca4":"\ud806\udcc4","\ud806\udca5":"\ud806\udcc5",
    "\ud806\udca6":"\ud806\udcc6","\ud806\udca7":"\ud806\udcc7","\ud806\udca8":"\ud806\udcc8",
    "\ud806\udca9":"\ud806\udcc9","\ud806\udcaa":"\ud806\udcca","\ud806\udcab":"\ud806\udccb",
    "\ud806\udcac":"\ud806\udccc","\ud806\udcad":"\ud806\udccd","\ud806\udcae":"\ud806\udcce",
    "\ud806\udcaf":"\ud806\udccf","\ud806\udcb0":"\ud806\udcd0","\ud806\udcb1":"\ud806\udcd1",
    "\ud806\udcb2":"\ud806\udcd2","\ud806\udcb3":"\ud806\udcd3","\ud806\udcb4":"\ud806\udcd4",
    "\ud806\udcb5":"\ud806\udcd5","\ud806\udcb6":"\ud806\udcd6","\ud806\udcb7":"\ud806\udcd7",
    "\ud806\udcb8":"\ud806\udcd8","\ud806\udcb9":"\ud806\udcd9","\ud806\udcba":"\ud806\udcda",
    "\ud806\udcbb":"\ud806\udcdb","\ud806\udcbc":"\ud806\udcdc","\ud806\udcbd":"\ud806\udcdd",
    "\ud806\udcbe":"\ud806\udcde","\ud806\udcbf":"\ud806\udcdf","\ud806\udd3d":"","\ud806\udd3e":"","\ud806\udd43":"",
    "\ud806\udde0":"","\ud806\ude34":"","\ud806\ude47":"","\ud806\ude99":"","\ud807\udc3f":"","\ud807\udd42":"",
    "\ud807\udd44":"","\ud807\udd45":"","\ud807\udd97":"","\ud807\udf41":"","\ud807\udf42":"","\ud818\udd2f":"",
    "\ud81a\udef0":"","\ud81a\udef1":"","\ud81a\udef2":"","\ud81a\udef3":"","\ud81a\udef4":"","\ud81a\udf30":"",
    "\ud81a\udf31":"","\ud81a\udf32":"","\ud81a\udf33":"","\ud81a\udf34":"","\ud81a\udf35":"","\ud81a\udf36":"",
    "\ud81b\ude40":"\ud81b\ude60","\ud81b\ude41":"\ud81b\ude61","\ud81b\ude42":"\ud81b\ude62",
    "\ud81b\ude43":"\ud81b\ude63","\ud81b\ude44":"\ud81b\ude64","\ud81b\ude45":"\ud81b\ude65",
    "\ud81b\ude46":"\ud81b\ude66","\ud81b\ude47":"\ud81b\ude67","\ud81b\ude48":"\ud81b\ude68",
    "\ud81b\ude49":"\ud81b\ude69","\ud81b\ude4a":"\ud81b\ude6a","\ud81b\ude4b":"\ud81b\ude6b",
    "\ud81b\ude4c":"\ud81b\ude6c","\ud81b\ude4d":"\ud81b\ude6d","\ud81b\ude4e":"\ud81b\ude6e",
    "\ud81b\ude4f":"\ud81b\ude6f","\ud81b\ude50":"\ud81b\ude70","\ud81b\ude51":"\ud81b\ude71",
    "\ud81b\ude52":"\ud81b\ude72","\ud81b\ude53":"\ud81b\ude73","\ud81b\ude54":"\ud81b\ude74",
    "\ud81b\ude55":"\ud81b\ude75","\ud81b\ude56":"\ud81b\ude76","\ud81b\ude57":"\ud81b\ude77",
    "\ud81b\ude58":"\ud81b\ude78","\ud81b\ude59":"\ud81b\ude79","\ud81b\ude5a":"\ud81b\ude7a",
    "\ud81b\ude5b":"\ud81b\ude7b","\ud81b\ude5c":"\ud81b\ude7c","\ud81b\ude5d":"\ud81b\ude7d",
    "\ud81b\ude5e":"\ud81b\ude7e","\ud81b\ude5f":"\ud81b\ude7f","\ud81b\udea0":"\ud81b\udebb",
    "\ud81b\udea1":"\ud81b\udebc","\ud81b\udea2":"\ud81b\udebd","\ud81b\udea3":"\ud81b\udebe",
    "\ud81b\udea4":"\ud81b\udebf","\ud81b\udea5":"\ud81b\udec0","\ud81b\udea6":"\ud81b\udec1",
    "\ud81b\udea7":"\ud81b\udec2","\ud81b\udea8":"\ud81b\udec3","\ud81b\udea9":"\ud81b\udec4",
    "\ud81b\udeaa":"\ud81b\udec5","\ud81b\udeab":"\ud81b\udec6","\ud81b\udeac":"\ud81b\udec7",
    "\ud81b\udead":"\ud81b\udec8","\ud81b\udeae":"\ud81b\udec9","\ud81b\udeaf":"\ud81b\udeca",
    "\ud81b\udeb0":"\ud81b\udecb","\ud81b\udeb1":"\ud81b\udecc","\ud81b\udeb2":"\ud81b\udecd",
    "\ud81b\udeb3":"\ud81b\udece","\ud81b\udeb4":"\ud81b\udecf","\ud81b\udeb5":"\ud81b\uded0",
    "\ud81b\udeb6":"\ud81b\uded1","\ud81b\udeb7":"\ud81b\uded2","\ud81b\udeb8":"\ud81b\uded3","\ud81b\udff0":"",
    "\ud81b\udff1":"","\ud82f\udc9e":"","\ud834\udd65":"","\ud834\udd66":"","\ud834\udd67":"","\ud834\udd68":"",
    "\ud834\udd69":"","\ud834\udd6d":"","\ud834\udd6e":"","\ud834\udd6f":"","\ud834\udd70":"","\ud834\udd71":"",
    "\ud834\udd72":"","\ud834\udd7b":"","\ud834\udd7c":"","\ud834\udd7d":"","\ud834\udd7e":"","\ud834\udd7f":"",
    "\ud834\udd80":"","\ud834\udd81":"","\ud834\udd82":"","\ud834\udd85":"","\ud834\udd86":"","\ud834\udd87":"",
    "\ud834\udd88":"","\ud834\udd89":"","\ud834\udd8a":"","\ud834\udd8b":"","\ud834\uddaa":"","\ud834\uddab":"",
    "\ud834\uddac":"","\ud834\uddad":"","\ud834\ude42":"","\ud834\ude43":"","\ud834\ude44":"","\ud838\udc00":"",
    "\ud838\udc01":"","\ud838\udc02":"","\ud838\udc03":"","\ud838\udc04":"","\ud838\udc05":"","\ud838\udc06":"",
    "\ud838\udc08":"","\ud838\udc09":"","\ud838\udc0a":"","\ud838\udc0b":"","\ud838\udc0c":"","\ud838\udc0d":"",
    "\ud838\udc0e":"","\ud838\udc0f":"","\ud838\udc10":"","\ud838\udc11":"","\ud838\udc12":"","\ud838\udc13":"",
    "\ud838\udc14":"","\ud838\udc15":"","\ud838\udc16":"","\ud838\udc17":"","\ud838\udc18":"","\ud838\udc1b":"",
    "\ud838\udc1c":"","\ud838\udc1d":"","\ud838\udc1e":"","\ud838\udc1f":"","\ud838\udc20":"","\ud838\udc21":"",
    "\ud838\udc23":"","\ud838\udc24":"","\ud838\udc26":"","\ud838\udc27":"","\ud838\udc28":"","\ud838\udc29":"",
    "\ud838\udc2a":"","\ud838\udc8f":"","\ud838\udd30":"","\ud838\udd31":"","\ud838\udd32":"","\ud838\udd33":"",
    "\ud838\udd34":"","\ud838\udd35":"","\ud838\udd36":"","\ud838\udeae":"","\ud838\udeec":"","\ud838\udeed":"",
    "\ud838\udeee":"","\ud838\udeef":"","\ud839\udcec":"","\ud839\udced":"","\ud839\udcee":"","\ud839\udcef":"",
    "\ud839\uddee":"","\ud839\uddef":"","\ud839\udee3":"","\ud839\udee6":"","\ud839\udeee":"","\ud839\udeef":"",
    "\ud839\udef5":"","\ud83a\udcd0":"","\ud83a\udcd1":"","\ud83a\udcd2":"","\ud83a\udcd3":"","\ud83a\udcd4":"",
    "\ud83a\udcd5":"","\ud83a\udcd6":"","\ud83a\udd00":"\ud83a\udd22","\ud83a\udd01":"\ud83a\udd23",
    "\ud83a\udd02":"\ud83a\udd24","\ud83a\udd03":"\ud83a\udd25","\ud83a\udd04":"\ud83a\udd26",
    "\ud83a\udd05":"\ud83a\udd27","\ud83a\udd06":"\ud83a\udd28","\ud83a\udd07":"\ud83a\udd29",
    "\ud83a\udd08":"\ud83a\udd2a","\ud83a\udd09":"\ud83a\udd2b","\ud83a\udd0a":"\ud83a\udd2c",
    "\ud83a\udd0b":"\ud83a\udd2d","\ud83a\udd0c":"\ud83a\udd2e","\ud83a\udd0d":"\ud83a\udd2f",
    "\ud83a\udd0e":"\ud83a\udd30","\ud83a\udd0f":"\ud83a\udd31","\ud83a\udd10":"\ud83a\udd32",
    "\ud83a\udd11":"\ud83a\udd33","\ud83a\udd12":"\ud83a\udd34","\ud83a\udd13":"\ud83a\udd35",
    "\ud83a\udd14":"\ud83a\udd36","\ud83a\udd15":"\ud83a\udd37","\ud83a\udd16":"\ud83a\udd38",
    "\ud83a\udd17":"\ud83a\udd39","\ud83a\udd18":"\ud83a\udd3a","\ud83a\udd19":"\ud83a\udd3b",
    "\ud83a\udd1a":"\ud83a\udd3c","\ud83a\udd1b":"\ud83a\udd3d","\ud83a\udd1c":"\ud83a\udd3e",
    "\ud83a\udd1d":"\ud83a\udd3f","\ud83a\udd1e":"\ud83a\udd40","\ud83a\udd1f":"\ud83a\udd41",
    "\ud83a\udd20":"\ud83a\udd42","\ud83a\udd21":"\ud83a\udd43","\ud83a\udd44":"","\ud83a\udd45":"","\ud83a\udd46":"",
    "\ud83a\udd47":"","\ud83a\udd48":"","\ud83a\udd49":"","\ud83a\udd4a":""
    }'::jsonb ->> c, c), '' order by n), '')
    from unnest(string_to_array(lower(normalize(of_text, NFD) collate "C"), null))
      with ordinality as letters (c, n));
end $function$;

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

CREATE OR REPLACE FUNCTION newday.giver_of_receipt(request text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select substring(request from '^\["([^"]+)",') $function$;

CREATE OR REPLACE FUNCTION newday.grant_legacy_reads()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  of_table text;
begin
  if not exists (select from pg_roles where rolname = 'newday_app') then return; end if;
  foreach of_table in array array['public.daily_adventures', 'public.market_items',
      'public.transactions', 'public.user_inventories', 'newday_legacy.wallets'] loop
    begin
      if to_regclass(of_table) is null then continue; end if;
      execute format('grant usage on schema %I to newday_app', split_part(of_table, '.', 1));
      execute format('grant select on %s to newday_app', of_table);
    exception when insufficient_privilege then
      raise notice 'newday: this login cannot grant rights on %', of_table;
    end;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION newday.grant_roles()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  t record;
  -- Written by the posting engine alone: balances, and what moved.
  posted constant text[] := array['accounts', 'transfers', 'holds', 'refunds', 'items',
    'item_history', 'item_field_changes', 'spending_limits', 'spending_counters', 'counted_holds', 'consents', 'issuance_budgets', 'policy_changes', 'item_imports', 'item_merges', 'item_receipts', 'limit_counters', 'purchases', 'confiscations', 'approvals', 'act_totals', 'linked_transfers', 'stock_offers', 'user_freezes', 'purchase_refunds', 'refund_policies'];
  -- Written by migrations, adoption and the operator, never by a serving process.
  settled constant text[] := array['schema_migrations', 'adoptions', 'change_chains', 'erased_people', 'erasure_keys', 'test_users'];
  -- Not for reports: hashes of credentials.
  secret constant text[] := array['sessions', 'platform_keys', 'used_assertions', 'erasure_keys', 'operators', 'operator_sessions', 'operator_keys', 'operator_codes', 'refused_sign_ins', 'platform_secrets'];
begin
  if (select count(*) from pg_roles
      where rolname in ('newday_read', 'newday_app', 'newday_posting')) < 3 then
    return;
  end if;
  grant usage on schema newday to newday_read, newday_app, newday_posting;
  grant execute on function newday.erase_person, newday.person_mark to newday_app;
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
    if t.relname in ('currencies', 'platforms', 'platform_secrets') then
      execute format('grant update on %s to newday_app', t.name);
    elsif not t.append_only and t.relname <> 'wallets' then
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

CREATE OR REPLACE FUNCTION newday.is_change_of(what text, subject text, before jsonb, after jsonb, of_user text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(case
    when what = 'user-freeze'
      then subject in ('user-freeze:' || of_user || ':platform', 'user-freeze:' || of_user || ':operator',
        'user-freeze:' || of_user || ':audit')
    when what = 'consent' then newday.payer_of_consent(subject) = of_user
    when what = 'limit' then of_user in (before->>'userId', after->>'userId')
    when what in ('link', 'unlink')
      then subject = 'link:' || of_user or of_user in (before->>'userId', after->>'userId')
    when what in ('test-user add', 'test-user remove') or what like 'user %' then subject = of_user
    when what = 'purchase refund' then substring(subject from '^[0-9a-f-]{36} \((.*)\)$') = of_user
    when what like 'approval %' or what in ('listing cancel', 'confiscation return')
      then after->>'userId' = of_user
  end, false)
$function$;

CREATE OR REPLACE FUNCTION newday.is_counter_of(id text, of_user text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when split_part(id, '"', 2) = 'gift' then of_user in (split_part(id, '"', 4), split_part(id, '"', 6))
    when split_part(id, '"', 2) = 'purchase' then split_part(id, '"', 6) = of_user
    when split_part(id, '"', 2) in ('gifts waiting', 'import', 'compatibility', 'test_top_up', 'declared', 'listed', 'imported')
      then split_part(id, '"', 4) = of_user
    else false
  end
$function$;

CREATE OR REPLACE FUNCTION newday.is_receipt_of(request text, of_user text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select starts_with(request, '["' || of_user || '",')
    or right(request, length(of_user) + 9) = ',"user:' || of_user || '"]'
$function$;

CREATE OR REPLACE FUNCTION newday.is_verified(of_user text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from newday.users u where u.user_id = of_user and u.proven_at is not null)
$function$;

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

CREATE OR REPLACE FUNCTION newday.log_identity_link()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  insert into newday.policy_changes (id, caller, what, subject, reason, before, after)
  values (
    gen_random_uuid(),
    case when tg_op = 'INSERT' then new.linked_by
      else coalesce(nullif(current_setting('newday.caller', true), ''), 'database:' || session_user) end,
    case when tg_op = 'DELETE' then 'unlink' else 'link' end,
    'link:' || coalesce(new.linked_user_id, old.linked_user_id),
    case when tg_op = 'INSERT' then 'both identities proved themselves' else 'asked for by the caller' end,
    case when tg_op <> 'INSERT' then jsonb_build_object('userId', old.user_id) end,
    case when tg_op <> 'DELETE' then jsonb_build_object('userId', new.user_id) end);
  return null;
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

CREATE OR REPLACE FUNCTION newday.netstring(field text)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$
  select case when field is null then '-'::bytea
    else convert_to(octet_length(convert_to(field, 'UTF8')) || ':' || field || ',', 'UTF8') end
$function$;

CREATE OR REPLACE FUNCTION newday.note_moved_wallet()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  insert into newday.economy_moved_wallets (wallet)
    select w.number from newday.ledger_wallets w where w.user_id = new.user_id
    on conflict do nothing;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION newday.notify_platforms()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('newday_revoked', 'platforms');
  return null;
end $function$;

CREATE OR REPLACE FUNCTION newday.notify_user_freezes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('newday_revoked', encode(s.token_hash, 'hex'))
  from newday.sessions s
  where (s.user_id = coalesce(new.user_id, old.user_id)
      or s.through_user_id = coalesce(new.user_id, old.user_id))
    and s.revoked_at is null and s.expires_at > now();
  return null;
end $function$;

CREATE OR REPLACE FUNCTION newday.payer_of_consent(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$ select substring(name from '^consent:(.+):[^:]+:[^:]+$') $function$;

CREATE OR REPLACE FUNCTION newday.person_mark(of_user text)
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
  secret bytea;
begin
  select key into strict secret from newday.erasure_keys;
  for place in 0..31 loop
    inner_pad := set_byte(inner_pad, place, get_byte(inner_pad, place) # get_byte(secret, place));
    outer_pad := set_byte(outer_pad, place, get_byte(outer_pad, place) # get_byte(secret, place));
  end loop;
  return sha256(outer_pad || sha256(inner_pad || convert_to(of_user, 'UTF8')));
end $function$;

CREATE OR REPLACE FUNCTION newday.refuse_all_but_erasure()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  before constant jsonb := to_jsonb(old);
  after constant jsonb := to_jsonb(new);
  part text;
begin
  if after - tg_argv is distinct from before - tg_argv then
    raise exception 'newday.% is append-only', tg_table_name using errcode = 'ND002';
  end if;
  foreach part in array tg_argv loop
    continue when after->part is not distinct from before->part or after->>part is null
      or after->>part like '%erased%';
    continue when part = 'erased_at' and before->>part is null;
    continue when part = 'salts' and not exists (
      select from jsonb_array_elements(after->part) with ordinality as s (salt, place)
      where s.salt <> 'null' and s.salt is distinct from before->part->(s.place::int - 1));
    raise exception 'newday.%.% is dropped or erased only', tg_table_name, part
      using errcode = 'ND002';
  end loop;
  return new;
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
  if tg_op = 'UPDATE' and current_setting('newday.erasure', true) = 'on' then return null; end if;
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

CREATE OR REPLACE FUNCTION newday.renamed_member(document jsonb, member text[], old_id text, new_id text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when document #>> member = old_id
    then jsonb_set(document, member, to_jsonb(new_id)) else document end
$function$;

CREATE OR REPLACE FUNCTION newday.renamed_outcome(kind text, refusal text, outcome jsonb, old_id text, new_id text)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  if refusal is null and kind in ('item_grant', 'item_change', 'item_use', 'item_transfer', 'item_return', 'gift_answer',
      'adventure_purchase') then
    outcome := newday.renamed_member(outcome, '{item,userId}', old_id, new_id);
    return newday.renamed_member(outcome, '{item,giftFrom}', old_id, new_id);
  elsif refusal is not null then
    outcome := newday.renamed_member(outcome, '{userId}', old_id, new_id);
    if newday.payer_of_consent(outcome->>'policy') = old_id then
      outcome := jsonb_set(outcome, '{policy}',
        to_jsonb('consent:' || new_id || substr(outcome->>'policy', length(old_id) + 9)));
    end if;
  end if;
  return outcome;
end $function$;

CREATE OR REPLACE FUNCTION newday.renamed_receipt(request text, old_id text, new_id text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  if starts_with(request, '["' || old_id || '",') then
    request := '["' || new_id || substr(request, length(old_id) + 3);
  end if;
  if right(request, length(old_id) + 9) = ',"user:' || old_id || '"]' then
    request := left(request, -(length(old_id) + 2)) || new_id || '"]';
  end if;
  return request;
end $function$;

CREATE OR REPLACE FUNCTION newday.renamed_report(report jsonb, old_id text, new_id text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_set(report, '{merges}', (
    select jsonb_agg(newday.renamed_member(m.merge, '{ownerId}', old_id, new_id) order by m.place)
    from jsonb_array_elements(report->'merges') with ordinality as m (merge, place)))
$function$;

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

CREATE OR REPLACE FUNCTION newday.search_place(of_id text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select hashtextextended(of_id collate "C", 0) & 72057594037927935 $function$;

CREATE OR REPLACE FUNCTION newday.search_query(of_part text)
 RETURNS tsquery
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  folded constant text := newday.folded_text(of_part);
  pieces text[] := '{}';
begin
  for place in 1..greatest(char_length(folded) - 2, 1) loop
    pieces := pieces || format('''%s''', replace(replace(substr(folded, place, 3), '\', '\\'), '''', ''''''));
  end loop;
  return case char_length(folded) when 0 then null
    when 1 then pieces[1] || ':*' when 2 then pieces[1] || ':*'
    else array_to_string(pieces, ' & ') end::tsquery;
end $function$;

CREATE OR REPLACE FUNCTION newday.search_vector(of_text text)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
  folded constant text := newday.folded_text(of_text);
  pieces text[] := '{}';
begin
  for place in 1..char_length(folded) loop
    pieces := pieces || substr(folded, place, 3);
  end loop;
  return array_to_tsvector(pieces);
end $function$;

CREATE OR REPLACE FUNCTION newday.summarize_journal()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select brin_summarize_new_values('newday.transfers_sequence'::regclass)
$function$;

CREATE OR REPLACE FUNCTION newday.tell_moved_user()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform pg_notify('newday_revoked', 'wallet:' || number)
    from newday.ledger_wallets where user_id = new.user_id;
  return null;
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

CREATE OR REPLACE FUNCTION newday.transfers_of_person(of_wallet bigint, of_user text, behind bigint, up_to bigint)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  first_account constant bigint := of_wallet << 16;
  last_account constant bigint := ((of_wallet + 1) << 16) - 1;
  names constant text[] := array['user:' || of_user, 'unverified:' || of_user];
begin
  return query execute format($query$
    select t.id from newday.transfers t
    where %s and (
      t.from_account between $1 and $2 or t.to_account between $1 and $2
      or t.caller = any ($3) or strpos(t.result::text, $4) > 0
      or exists (select from newday.holds h
        where h.id = t.id and (h.account between $1 and $2 or h.to_account between $1 and $2))
      or exists (select from newday.item_receipts r
        where r.transfer_id = t.id and newday.is_receipt_of(r.request, $4)))$query$,
    case when behind is null then 't.sequence is null' else 't.sequence > $5 and t.sequence <= $6' end)
    using first_account, last_account, names, of_user, behind, up_to;
end $function$;

CREATE OR REPLACE FUNCTION newday.user_of_change(what text, subject text, before jsonb, after jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when subject like 'user-freeze:%' then substring(subject from '^user-freeze:(.+):[a-z]+$')
    when subject like 'consent:%' then substring(subject from '^consent:(.+):[^:]+:[^:]+$')
    when what = 'purchase refund' then substring(subject from '^[0-9a-f-]{36} \((.*)\)$')
    else coalesce(after->>'userId', before->>'userId', subject)
  end
$function$;
