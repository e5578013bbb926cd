-- `wallets` is a table of the old server too. A login called `newday` has this schema first in its path
-- (`"$user", public`), so that the old server's unqualified "wallets" found ours.
alter table newday.wallets rename to ledger_wallets;

create or replace function newday.require_current_bounds() returns trigger language plpgsql as $$
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
end $$;
