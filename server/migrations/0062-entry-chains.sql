-- The entries of an account are a chain: each names the transfer before it, the account's row the last one. Two
-- indexes over every entry cost a quarter of a posting; now they know one entry in 32, the first of each account
-- and all that were posted before this migration, and whoever looks for another one walks at most 31 steps from there.
alter table newday.transfers
  add column from_previous uuid,
  add column to_previous uuid;
alter table newday.accounts
  add column last_transfer uuid,
  alter column room set default repeat(' ', 116);
comment on column newday.transfers.from_previous is
  'transfer of the entry before this one on from_account; null for its first, and before chains were kept';
comment on column newday.transfers.to_previous is
  'transfer of the entry before this one on to_account; null for its first, and before chains were kept';
comment on column newday.accounts.last_transfer is 'transfer of the last entry';

select set_config('newday.posting', 'on', true);
update newday.accounts a
set last_transfer = coalesce(
  (select id from newday.transfers where from_account = a.id and from_version = a.version),
  (select id from newday.transfers where to_account = a.id and to_version = a.version))
where version > 0;

-- NOT VALID: what was posted before has no chain. Whatever is posted from now on must have it, so that a
-- server of an older version, which does not know of it, cannot leave a gap.
alter table newday.transfers
  add constraint transfers_chained check (
    (from_previous is not null or from_version is null or from_version = 1)
    and (to_previous is not null or to_version is null or to_version = 1)) not valid;

drop index newday.transfers_from_entry, newday.transfers_to_entry;
create unique index transfers_from_entry on newday.transfers (from_account, from_version)
  where from_account is not null and (from_previous is null or from_version & 31 = 0);
create unique index transfers_to_entry on newday.transfers (to_account, to_version)
  where to_account is not null and (to_previous is null or to_version & 31 = 0);

create or replace view newday.entries as
  select from_account as account, from_version as version, -amount as amount,
    from_balance as balance, to_account as counterparty, id as transfer_id, line, kind, recorded_at,
    from_previous as previous
  from newday.transfers where from_account is not null
  union all
  select to_account, to_version, amount, to_balance, from_account, id, line, kind, recorded_at, to_previous
  from newday.transfers where to_account is not null;

-- The entries of one account with first <= version <= last, newest first. Begins at the nearest entry that an
-- index knows at or above the newest one asked for, or at the account's last, and walks down the chain. An entry
-- without a chain stands in an index, and so does the one below it.
create function newday.entries_of(of_account bigint, first bigint, last bigint)
returns setof newday.entries language sql stable rows 100 as $$
  with recursive newest as (
    select least(last, a.version) as version, a.version as head, a.last_transfer
    from newday.accounts a where a.id = of_account and a.version > 0
  ), known as (
    select k.id, k.version from newest n cross join lateral (
      (select t.id, t.from_version as version from newday.transfers t
        where t.from_account = of_account and t.from_version >= n.version
          and (t.from_previous is null or t.from_version & 31 = 0)
        order by t.from_version limit 1)
      union all
      (select t.id, t.to_version from newday.transfers t
        where t.to_account = of_account and t.to_version >= n.version
          and (t.to_previous is null or t.to_version & 31 = 0)
        order by t.to_version limit 1)
      union all
      select n.last_transfer, n.head
    ) k
    order by k.version limit 1
  ), chain as (
    select t.id, t.line, k.version, t.from_account = of_account and t.from_version = k.version as paid,
      t.amount, t.from_account, t.to_account, t.from_balance, t.to_balance, t.from_previous,
      t.to_previous, t.kind, t.recorded_at
    from known k join newday.transfers t on t.id = k.id
      and (t.from_account = of_account and t.from_version = k.version
        or t.to_account = of_account and t.to_version = k.version)
    union all
    select t.id, t.line, c.version - 1, t.from_account = of_account and t.from_version = c.version - 1,
      t.amount, t.from_account, t.to_account, t.from_balance, t.to_balance, t.from_previous,
      t.to_previous, t.kind, t.recorded_at
    from chain c cross join lateral (
      select * from newday.transfers p
        where p.id = case when c.paid then c.from_previous else c.to_previous end
          and (p.from_account = of_account and p.from_version = c.version - 1
            or p.to_account = of_account and p.to_version = c.version - 1)
      union all
      select * from newday.transfers p
        where p.from_account = of_account and p.from_version = c.version - 1
          and p.from_previous is null
          and case when c.paid then c.from_previous else c.to_previous end is null
      union all
      select * from newday.transfers p
        where p.to_account = of_account and p.to_version = c.version - 1
          and p.to_previous is null
          and case when c.paid then c.from_previous else c.to_previous end is null
    ) t
    where c.version > greatest(first, 1)
  )
  select of_account, version, case when paid then -amount else amount end,
    case when paid then from_balance else to_balance end,
    case when paid then to_account else from_account end, id, line, kind, recorded_at,
    case when paid then from_previous else to_previous end
  from chain where version between first and last
$$;
