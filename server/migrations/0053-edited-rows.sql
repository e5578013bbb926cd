-- The engine decides from rows that it remembers, and knows by the revision that one is another now.
-- An operator may edit a listing by hand (its end, its limits); that counts as a revision too.
create function newday.count_revision() returns trigger language plpgsql as $$
begin
  new.revision := old.revision + 1;
  return new;
end $$;
create trigger listings_edited before update on newday.listings
  for each row when (new.revision = old.revision) execute function newday.count_revision();

-- An item's version is the number of rows in its history, which an edit by hand would not write: as for
-- balances, it is refused (`set newday.posting = 'on'` says that one knows).
create trigger items_posted_only before update on newday.items
  for each statement when (current_setting('newday.posting', true) is distinct from 'on')
  execute function newday.refuse_direct_change();
