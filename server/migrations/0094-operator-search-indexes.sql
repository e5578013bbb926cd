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
create index concurrently items_definition on newday.items (definition_id, id);
create index concurrently listings_definition on newday.listings (definition_id, id);
create index concurrently listings_status on newday.listings (status, listed_at, id);
create index concurrently transfers_reference on newday.transfers (reference, id) where reference is not null;
-- The timeline of a user.
create index concurrently item_history_owner on newday.item_history (owner_id, recorded_at, item_id, version);
create index concurrently item_receipts_giver
  on newday.item_receipts (newday.giver_of_receipt(request), created_at, transfer_id);
create index concurrently policy_changes_user
  on newday.policy_changes (newday.user_of_change(what, subject, before, after), changed_at, id);
create index concurrently operator_changes_user
  on newday.operator_changes (newday.user_of_change(what, subject, before, after), id);
