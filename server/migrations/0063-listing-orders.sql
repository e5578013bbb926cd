-- A page of the market costs what it shows and not what is on sale: an index for each order that a list
-- opens with. What the count of all that is on sale asks for lies in the index, too.
drop index newday.listings_active;
create index listings_active on newday.listings (pin, listed_at desc, id)
  include (platform, starts_at, expires_at) where status = 'active';
create index listings_newest on newday.listings (listed_at, id) where status = 'active';
create index listings_featured on newday.listings (coalesce(pin, 32767), id)
  where status = 'active' and kind = 'official';
create index listings_priced on newday.listings (((prices ->> 'game_coins')::bigint), id)
  where status = 'active';
-- What the sweep looks for.
create index listings_expiring on newday.listings (expires_at)
  where status = 'active' and expires_at is not null;
