-- The ledger: currencies, wallets, accounts, transfers, holds, refunds. What PostgreSQL can hold of
-- the rules is held here; docs/ledger.md says which guard stands where.

-- A whole-number amount is a bigint of minor units. 2^53 - 1 is the ceiling of a user's balance
-- because /api/shared and /api/allinone answer with JSON numbers.
create table newday.currencies (
  number smallint not null,
  code text not null,
  scale smallint not null default 0,
  minimum bigint not null default 0,
  maximum bigint not null default 9007199254740991,
  minters text[] not null default '{}',
  created_at timestamptz not null default now(),
  constraint currencies_pkey primary key (number),
  constraint currencies_code_key unique (code),
  constraint currencies_number_range check (number > 0),
  constraint currencies_code_form check (code ~ '^[a-z][a-z0-9_]{1,31}$'),
  constraint currencies_scale_range check (scale between 0 and 18),
  constraint currencies_bounds check (minimum <= maximum)
);
comment on column newday.currencies.minters is 'platforms whose mint may issue and burn this currency';

insert into newday.currencies (number, code, scale, minters) values
  (1, 'game_coins', 0, '{newday}'),
  (2, 'cash', 2, '{newday}'),
  (3, 'computing_power', 0, '{newday}'),
  (4, 'allinone_coins', 0, '{allinone}');

-- Explicit pairs only; a pair that is not here cannot be exchanged (INCIDENTS.md C8). What the
-- payer gives is amount; what comes back is floor(amount * numerator / denominator).
create table newday.exchange_pairs (
  source_currency smallint not null,
  target_currency smallint not null,
  numerator bigint not null,
  denominator bigint not null,
  constraint exchange_pairs_pkey primary key (source_currency, target_currency),
  constraint exchange_pairs_source_fk foreign key (source_currency)
    references newday.currencies (number),
  constraint exchange_pairs_target_fk foreign key (target_currency)
    references newday.currencies (number),
  constraint exchange_pairs_distinct check (source_currency <> target_currency),
  constraint exchange_pairs_rate check (numerator > 0 and denominator > 0)
);

insert into newday.exchange_pairs values (1, 4, 1, 1), (4, 1, 1, 1);

-- number is the distribution key: account ids begin with it. role is null for users; a system
-- wallet (mint, fees, escrow, adjustments, exchange, adoption) belongs to a platform.
create sequence newday.wallet_number as bigint start 1000;
create table newday.wallets (
  number bigint not null,
  id text not null,
  user_id text not null,
  platform text,
  role text,
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  constraint wallets_pkey primary key (number),
  constraint wallets_id_key unique (id),
  constraint wallets_user_id_key unique (user_id),
  constraint wallets_number_range check (number between 1 and 140737488355327),
  constraint wallets_role_known check (
    role in ('mint', 'fees', 'escrow', 'adjustments', 'exchange', 'adoption')),
  constraint wallets_role_reserved check ((role is not null) = (user_id like 'system:%'))
);

insert into newday.wallets (number, id, user_id, platform, role)
select row_number() over (), 'system:newday:' || role, 'system:newday:' || role, 'newday', role
from unnest(array['mint', 'fees', 'escrow', 'adjustments', 'exchange', 'adoption']) as role;

-- id = wallet number * 65536 + currency number. version counts the entries of the account (it is
-- the number of the last one); revision counts every change of the row. No index but the key and
-- half of each page free, so that an update is HOT (PERFORMANCE.md, trap 9).
create table newday.accounts (
  id bigint not null,
  balance bigint not null default 0,
  held bigint not null default 0,
  version bigint not null default 0,
  revision bigint not null default 1,
  minimum bigint not null default 0,
  maximum bigint not null default 9007199254740991,
  flags smallint not null default 0,
  changed_at timestamptz not null default statement_timestamp(),
  constraint accounts_pkey primary key (id),
  constraint accounts_minimum check (balance >= minimum),
  constraint accounts_maximum check (balance <= maximum),
  constraint accounts_held check (held >= 0 and balance - held >= minimum),
  constraint accounts_flags check (flags between 0 and 7)
) with (fillfactor = 50);
comment on column newday.accounts.flags is '1 debits frozen, 2 credits frozen, 4 closed';

-- One row per movement between two accounts of one currency, so that every transfer sums to zero by
-- construction. A transfer with more legs has several lines; line 0 carries the header. A refusal
-- that was asked for with a key, and an operation that moves no money, are a line 0 without
-- movement. The id is derived from (caller, key), so the primary key is the idempotency index.
create table newday.transfers (
  recorded_at timestamptz not null,
  from_account bigint,
  to_account bigint,
  amount bigint not null,
  from_balance bigint,
  to_balance bigint,
  from_version bigint,
  to_version bigint,
  id uuid not null,
  fingerprint uuid,
  line smallint not null,
  kind text not null,
  caller text not null,
  effective_at timestamptz,
  related uuid,
  reference text,
  metadata jsonb,
  result jsonb,
  refusal text,
  constraint transfers_pkey primary key (id, line),
  constraint transfers_line_range check (line >= 0),
  constraint transfers_movement check (
    case when amount > 0
      then from_account <> to_account and (from_account & 65535) = (to_account & 65535)
        and from_balance is not null and to_balance is not null
        and from_version > 0 and to_version > 0 and refusal is null
      else amount = 0 and line = 0 and num_nulls(from_account, to_account, from_balance,
        to_balance, from_version, to_version) = 6
    end is true)
);
create unique index transfers_from_entry on newday.transfers (from_account, from_version)
  where from_account is not null;
create unique index transfers_to_entry on newday.transfers (to_account, to_version)
  where to_account is not null;
create index transfers_related on newday.transfers (related) where related is not null;

create function newday.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'newday.% is append-only', tg_table_name using errcode = 'ND002';
end $$;
create function newday.refuse_direct_change() returns trigger language plpgsql as $$
begin
  raise exception 'newday.% is changed by the posting engine only', tg_table_name
    using errcode = 'ND002', hint = 'Post a transfer instead; see docs/ledger.md.';
end $$;
create trigger transfers_append_only before update or delete or truncate on newday.transfers
  for each statement execute function newday.refuse_change();

-- Balances change in sessions of the posting engine only, which say so: whoever edits a row by hand is
-- stopped here. A statement trigger, because a row trigger locks every row a second time.
create trigger accounts_posted_only before update on newday.accounts
  for each statement when (current_setting('newday.posting', true) is distinct from 'on')
  execute function newday.refuse_direct_change();
create trigger accounts_permanent before delete or truncate on newday.accounts
  for each statement execute function newday.refuse_change();

-- Two entries per movement: what an accountant reads.
create view newday.entries as
  select from_account as account, from_version as version, -amount as amount,
    from_balance as balance, to_account as counterparty, id as transfer_id, line, kind, recorded_at
  from newday.transfers where from_account is not null
  union all
  select to_account, to_version, amount, to_balance, from_account, id, line, kind, recorded_at
  from newday.transfers where to_account is not null;

-- What an open hold reserves is part of its account's held until it is captured, voided or swept;
-- an expired one counts as nothing from the instant of its expiry, swept or not.
create table newday.holds (
  id uuid not null,
  account bigint not null,
  to_account bigint,
  amount bigint not null,
  captured bigint not null default 0,
  state text not null default 'open',
  expires_at timestamptz,
  created_at timestamptz not null default statement_timestamp(),
  revision bigint not null default 1,
  constraint holds_pkey primary key (id),
  constraint holds_amount check (amount > 0 and captured between 0 and amount),
  constraint holds_state check (state in ('open', 'captured', 'voided', 'expired')),
  constraint holds_account_fk foreign key (account) references newday.accounts (id)
);
create index holds_open on newday.holds (account) where state = 'open';
create index holds_expiry on newday.holds (expires_at) where state = 'open';

-- How much of a line of a transfer has been given back; never more than the line moved.
create table newday.refunds (
  transfer_id uuid not null,
  line smallint not null,
  amount bigint not null,
  refunded bigint not null,
  revision bigint not null default 1,
  constraint refunds_pkey primary key (transfer_id, line),
  constraint refunds_transfer_fk foreign key (transfer_id, line)
    references newday.transfers (id, line),
  constraint refunds_not_above_original check (refunded between 0 and amount)
);

-- Ends a batch whose rows were no longer what its decisions were made from: the following COMMIT
-- becomes a ROLLBACK.
create function newday.require_rows(actual bigint, expected bigint) returns void
language plpgsql as $$
begin
  if actual <> expected then
    raise exception 'stale rows: % of % were as read', actual, expected using errcode = 'ND001';
  end if;
end $$;
