-- Items: what they are (definitions), who has which (items), and how that came about (history).

-- What an item is, addressed by its content: the id is a hash of the other columns, so that equal
-- items share a definition and conservation can be counted per definition.
create table newday.item_definitions (
  id uuid not null,
  name text not null,
  description text not null default '',
  item_type text not null,
  rarity text not null,
  stats jsonb,
  icon text,
  image_url text,
  created_at timestamptz not null default now(),
  constraint item_definitions_pkey primary key (id),
  constraint item_definitions_name_length check (char_length(name) between 1 and 255),
  constraint item_definitions_type_known check (item_type in (
    'weapon', 'armor', 'accessory', 'consumable', 'material', 'tool', 'special', 'skin', 'pet')),
  constraint item_definitions_rarity_known check (rarity in (
    'common', 'uncommon', 'rare', 'epic', 'legendary'))
);

-- id carries the prefix by origin (adv-, inv-) that clients see. version counts the rows of the
-- item's history. An item is never deleted: used, exported and retired are states. Definitions are
-- never deleted either; no foreign key asks so again at every purchase, the audit does.
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
  obtained_at timestamptz not null,
  constraint items_pkey primary key (id),
  constraint items_id_length check (char_length(id) between 1 and 300),
  constraint items_state_known check (
    state in ('offered', 'owned', 'escrowed', 'exported', 'used', 'retired')),
  constraint items_quantity_range check (quantity between 1 and 1000000000)
) with (fillfactor = 80);
create index items_owner on newday.items (owner_id, obtained_at desc, id desc);
create index items_external on newday.items (external_id) where external_id is not null;
create index items_allinone on newday.items (allinone_item_id) where allinone_item_id is not null;

-- One row per change of an item. issued is what came into existence with it: the quantities of all
-- items of a definition equal what was issued of it, for ever (newday audit).
create table newday.item_history (
  item_id text not null,
  version bigint not null,
  transfer_id uuid,
  action text not null,
  owner_id text not null,
  state text not null,
  quantity bigint not null,
  quantity_change bigint not null,
  issued bigint not null default 0,
  recorded_at timestamptz not null default statement_timestamp(),
  constraint item_history_pkey primary key (item_id, version),
  constraint item_history_issued_once check (issued = 0 or version = 1)
);
create trigger item_history_append_only before update or delete or truncate on newday.item_history
  for each statement execute function newday.refuse_change();

-- The audit row of an import, and the rule that an item is imported once per owner and source.
create table newday.item_imports (
  owner_id text not null,
  source text not null,
  external_id text not null,
  item_id text not null,
  address text,
  imported_at timestamptz not null default statement_timestamp(),
  constraint item_imports_pkey primary key (owner_id, source, external_id)
);

-- Receipts of gifts, exports and returns. request is who moved what whereto; sequence numbers the
-- times that it was really done, so that of two equal requests only one is.
create table newday.item_receipts (
  request text not null,
  sequence bigint not null,
  transfer_id uuid not null,
  item_id text not null,
  quantity bigint not null,
  created_at timestamptz not null default statement_timestamp(),
  constraint item_receipts_pkey primary key (request, sequence),
  constraint item_receipts_transfer_key unique (transfer_id)
);

-- Counts that limits look at: imports a day, purchases a day and a user, declared listings.
create table newday.limit_counters (
  id text not null,
  count bigint not null,
  revision bigint not null default 1,
  constraint limit_counters_pkey primary key (id),
  constraint limit_counters_count check (count >= 0)
);

-- Adventure items that the old server had written a second time into user_inventories: the id that
-- went, the item that stayed, and the row as it was, so that a merge can be judged and undone.
create table newday.item_merges (
  merged_id text not null,
  item_id text not null,
  reason text not null,
  legacy_row jsonb not null,
  merged_at timestamptz not null default now(),
  constraint item_merges_pkey primary key (merged_id),
  constraint item_merges_item_fk foreign key (item_id) references newday.items (id)
);
create index item_merges_item on newday.item_merges (item_id);
