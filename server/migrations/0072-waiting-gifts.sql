-- A user's gift waits for its receiver's acceptance as long as it names its giver, to whom it goes back when
-- it is declined. Gifts from before count as accepted, so that no receiver starts with a full count.
alter table newday.items add column gift_from text;
create index items_waiting on newday.items (owner_id, obtained_at desc, id desc)
  where gift_from is not null;
update newday.limit_counters set count = 0, revision = revision + 1
where id like '["gifts waiting",%';
