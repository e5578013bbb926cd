-- Built while writers go on: an index of a live table takes minutes.
create index concurrently users_search on newday.users
  using gin (newday.search_vector(user_id || E'\n' || external_id || E'\n' || display_name));
create index concurrently users_place on newday.users (newday.search_place(user_id), (user_id collate "C"));
-- Users who never logged in have a wallet alone.
create index concurrently ledger_wallets_search on newday.ledger_wallets
  using gin (newday.search_vector(user_id)) where role is null;
create index concurrently ledger_wallets_place
  on newday.ledger_wallets (newday.search_place(user_id), (user_id collate "C")) where role is null;
create index concurrently item_definitions_search on newday.item_definitions
  using gin (newday.search_vector(name));
create index concurrently item_definitions_place
  on newday.item_definitions (newday.search_place(id::text), (id::text collate "C"));
create index concurrently items_definition on newday.items (definition_id, id);
create index concurrently listings_definition on newday.listings (definition_id, id);
-- Active ones have `listings_newest`.
create index concurrently listings_ended on newday.listings (status, listed_at, id) where status <> 'active';
-- Official stock has few listings with many buyers; those of a player's listing are among the seller's sales.
create index concurrently purchases_official on newday.purchases (listing_id, created_at desc) where seller_id is null;
-- Transfers without a reference, the usual ones, are not in it. An index of ranges costs an insert next to nothing.
create index concurrently transfers_reference on newday.transfers (reference, id) where reference is not null;
create index concurrently transfers_recorded on newday.transfers
  using brin (recorded_at) with (pages_per_range = 32, autosummarize = on);
-- The timeline of a user.
create index concurrently item_history_owner on newday.item_history (owner_id, recorded_at, item_id, version);
create index concurrently item_receipts_giver
  on newday.item_receipts (newday.giver_of_receipt(request), created_at, transfer_id);
create index concurrently policy_changes_user
  on newday.policy_changes (newday.user_of_change(what, subject, before, after), changed_at, id);
create index concurrently operator_changes_user
  on newday.operator_changes (newday.user_of_change(what, subject, before, after), id);
