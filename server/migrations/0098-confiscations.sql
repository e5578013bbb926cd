-- What operators took from a user into the holding place, `system:newday:escrow`, until it goes back. Whose it was
-- follows from the account or wallet; the reason stands in the log.
create table newday.confiscations (
  id uuid constraint confiscations_pkey primary key,
  wallet bigint not null constraint confiscations_wallet_fk references newday.ledger_wallets (number),
  -- Null: no money.
  account bigint,
  amount bigint not null default 0,
  -- Of the amount: coins that only the official shop takes, and are locked again when they go back.
  locked bigint not null default 0,
  -- Ids, and whether each was locked.
  items jsonb not null default '[]',
  taken_at timestamptz not null,
  returned_at timestamptz,
  revision bigint not null default 1,
  constraint confiscations_amount check (
    amount >= 0 and locked between 0 and amount and (account is null) = (amount = 0))
);
create index confiscations_wallet on newday.confiscations (wallet, taken_at);

-- Written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''purchases''', '''purchases'', ''confiscations''');
end $$;
select newday.grant_roles();
