-- How much a platform may issue of a currency, per UTC day and in total. One row per mint account, changed by
-- the batch that issues, so that concurrent batches cannot exceed it together. No row: no bound.
create table newday.issuance_budgets (
  account bigint not null,
  platform text not null,
  currency text not null,
  per_day bigint,
  total bigint,
  version bigint not null default 1,
  -- The mint account's last entry before the budget: what is counted begins behind it.
  since_version bigint not null,
  -- Begin of the UTC day that issued_on_day counts.
  day timestamptz not null,
  issued_on_day bigint not null default 0,
  issued bigint not null default 0,
  revision bigint not null default 1,
  constraint issuance_budgets_pkey primary key (account),
  constraint issuance_budgets_bounds check (per_day >= 0 and total >= 0),
  constraint issuance_budgets_issued check (issued_on_day >= 0 and issued >= issued_on_day)
);
comment on column newday.issuance_budgets.account is 'the platform''s mint account in the currency';

-- What was decided about budgets, consents and limits: who, why, and from what to what.
create table newday.policy_changes (
  id uuid not null,
  changed_at timestamptz not null default statement_timestamp(),
  caller text not null,
  what text not null,
  subject text not null,
  reason text not null,
  before jsonb,
  after jsonb,
  constraint policy_changes_pkey primary key (id),
  constraint policy_changes_changed check (before is distinct from after)
);
create index policy_changes_subject on newday.policy_changes (subject, changed_at);
create trigger policy_changes_append_only
  before update or delete or truncate on newday.policy_changes
  for each statement execute function newday.refuse_change();

-- Sums of a mint's entries up to one of them, so that proving the books reads only later entries.
create table newday.issuance_tallies (
  account bigint not null,
  through_version bigint not null,
  issued numeric not null,
  returned numeric not null,
  constraint issuance_tallies_pkey primary key (account),
  constraint issuance_tallies_range check (through_version > 0 and issued >= 0)
);

-- Budgets and changes are written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''item_history'',', '''item_history'', ''issuance_budgets'', ''policy_changes'',');
end $$;
select newday.grant_roles();
