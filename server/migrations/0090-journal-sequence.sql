-- A number for every row of the journal, so that background work can follow it: statistics and the audit keep a
-- position and read only what is new. The database numbers at the insert; the rows that are here already have none
-- and are read once, by id. Numbers have gaps, and a smaller one may commit later: a reader waits for
-- the writers of its moment (server/src/ledger/transfers/journal-end.ts).
create sequence newday.transfer_sequence;
alter table newday.transfers add column sequence bigint;
alter table newday.transfers alter column sequence set default nextval('newday.transfer_sequence');
alter sequence newday.transfer_sequence owned by newday.transfers.sequence;

-- Background work that one server of a database does: the holder of the lease, until it ends.
create table newday.work_leases (
  name text not null constraint work_leases_pkey primary key,
  holder text not null,
  until timestamptz not null
);

-- The statistics of the economy: sums over the journal up to `position`, kept by a worker. No posting reads or
-- writes them, and all of them can be deleted and counted again.
create table newday.economy_progress (
  one boolean not null default true constraint economy_progress_pkey primary key,
  position bigint not null default 0,
  -- Rows without a number: the last one that was counted; `history_done` when there is none behind it.
  history_id uuid,
  history_line smallint,
  history_done boolean not null,
  as_of timestamptz not null default now(),
  constraint economy_progress_one check (one)
);
insert into newday.economy_progress (history_done)
  select not exists (select from newday.transfers);

-- The platform of each wallet as it was counted, so that what was added somewhere is taken off there.
create table newday.economy_wallets (
  wallet bigint not null constraint economy_wallets_pkey primary key,
  platform text not null,
  role text
);
-- Wallets whose user has logged in or proved themselves since: their platform may be another one.
create table newday.economy_moved_wallets (
  wallet bigint not null constraint economy_moved_wallets_pkey primary key
);
create function newday.note_moved_wallet() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into newday.economy_moved_wallets (wallet)
    select w.number from newday.ledger_wallets w where w.user_id = new.user_id
    on conflict do nothing;
  return null;
end $$;
create trigger users_moved_wallet after insert or update of platform on newday.users
  for each row execute function newday.note_moved_wallet();

create table newday.economy_totals (
  currency smallint not null,
  platform text not null,
  issued numeric not null,
  returned numeric not null,
  held numeric not null,
  fees numeric not null,
  paid numeric not null,
  payments bigint not null,
  constraint economy_totals_pkey primary key (currency, platform)
) with (fillfactor = 50);
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
  constraint economy_days_pkey primary key (day, currency, platform)
) with (fillfactor = 50);
comment on column newday.economy_days.held is 'change of what is held, on this day';

-- How many users hold how much: balances below 100 one by one, larger ones by their first two digits.
create table newday.economy_balances (
  currency smallint not null,
  platform text not null,
  bucket integer not null,
  holders bigint not null,
  total numeric not null,
  constraint economy_balances_pkey primary key (currency, platform, bucket)
) with (fillfactor = 50);
create table newday.economy_prices (
  item_type text not null,
  currency smallint not null,
  day date not null,
  sales bigint not null,
  pieces numeric not null,
  total numeric not null,
  low bigint not null,
  high bigint not null,
  constraint economy_prices_pkey primary key (item_type, currency, day)
) with (fillfactor = 50);
create table newday.economy_top_holders (
  currency smallint not null,
  account bigint not null,
  balance bigint not null,
  as_of timestamptz not null,
  constraint economy_top_holders_pkey primary key (currency, account)
);

select newday.grant_roles();
