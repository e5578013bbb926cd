-- Starter coins are a grant that its user cannot pass on before a verified login.
--   locked  the part of the balance that only the official shop takes, while the owner is unverified
--   claim   a grant that is not posted yet: it is shown as balance, and posted with the first purchase or proof
-- A verified owner makes both locks void: `newday.is_verified` decides, so that a proof changes one row. The wallets
-- that were opened before keep their money as it is.
alter table newday.accounts
  add column locked bigint not null default 0,
  add column claim bigint not null default 0,
  add constraint accounts_locked check (locked >= 0 and balance - held - locked >= minimum),
  add constraint accounts_claim check (claim >= 0),
  alter column room set default repeat(' ', 132);
comment on column newday.accounts.locked is 'part of the balance for the official shop alone, while the owner is unverified';
comment on column newday.accounts.claim is 'starter grant that is not posted yet';

-- What locked coins bought is locked alike: used, crafted into locked items and exported, never passed on.
alter table newday.items add column locked boolean not null default false;
alter table newday.purchases add column locked bigint not null default 0;
comment on column newday.purchases.locked is 'part of the total that was paid with locked coins; a refund locks it again';

create function newday.is_verified(of_user text) returns boolean language sql stable as $$
  select exists (select from newday.users u where u.user_id = of_user and u.proven_at is not null)
$$;

-- A budget that an ordinary day leaves unspent, and that bounds a script that opens wallets by the thousand.
update newday.platforms set starter_budget_per_day = 10000000
where bare_ids and starter_budget_per_day is null;

-- The view of an adopted database shows what every other read shows.
do $$ begin
  if exists (select from pg_class where oid = to_regclass('public.wallets') and relkind = 'v') then
    execute $view$create or replace view public.wallets as
      select w.id, w.user_id, coalesce(c1.balance + c1.claim, 0) as game_coins,
        coalesce(c2.balance, 0) as cash_balance, coalesce(c3.balance, 0) as computing_power,
        w.created_at,
        nullif(greatest(w.updated_at, c1.changed_at, c2.changed_at, c3.changed_at), w.created_at)
          as updated_at
      from newday.ledger_wallets w
      left join newday.accounts c1 on c1.id = w.number * 65536 + 1
      left join newday.accounts c2 on c2.id = w.number * 65536 + 2
      left join newday.accounts c3 on c3.id = w.number * 65536 + 3
      where w.role is null$view$;
  end if;
end $$;
