-- A listing may begin later than it was made: its item is in escrow from then on, and nobody sees or
-- buys it before starts_at. null: on sale at once.
alter table newday.listings add column starts_at timestamptz;
alter table newday.listings add constraint listings_window check (starts_at < expires_at);
