-- What operators change of the model (`newday currency`, `newday exchange-pair`), who, and from what to what.

-- Of a currency, because all pairs that give it draw on one exchange account per platform.
alter table newday.currencies
  add column exposure bigint not null default 1000000,
  add constraint currencies_exposure check (exposure >= 0);
comment on column newday.currencies.exposure is
  'minor units that a platform may owe through exchange before it settles';

create table newday.operator_changes (
  id bigint generated always as identity,
  changed_at timestamptz not null default now(),
  operator text not null,
  database_role text not null default session_user,
  what text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  constraint operator_changes_pkey primary key (id),
  constraint operator_changes_changed check (before is distinct from after)
);
create trigger operator_changes_append_only
  before update or delete or truncate on newday.operator_changes
  for each statement execute function newday.refuse_change();

-- A batch may have been decided just before an operator changed the bounds of a currency, and insert an
-- account just after. It goes again. Adopted accounts below zero keep a minimum of their own.
create function newday.require_current_bounds() returns trigger language plpgsql as $$
begin
  if exists (
    select from fresh a
    join newday.wallets w on w.number = a.id >> 16 and w.role is null
    join newday.currencies c on c.number = a.id & 65535
    where a.maximum <> c.maximum or a.minimum > c.minimum
      or (a.minimum < c.minimum and a.balance >= c.minimum)
  ) then
    raise exception 'stale bounds of a new account' using errcode = 'ND001';
  end if;
  return null;
end $$;
create trigger accounts_current_bounds after insert on newday.accounts
  referencing new table as fresh
  for each statement execute function newday.require_current_bounds();

select newday.grant_roles();
