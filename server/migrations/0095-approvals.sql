-- An act of an operator that needs a second person waits here. Whom it is about, and what was asked for, stands in
-- the row of the log that asked for it, which an erasure clears.
create table newday.approvals (
  id uuid constraint approvals_pkey primary key,
  what text not null,
  -- The asker's: who approves has it, or a higher one.
  role text not null,
  -- The person behind the asker, who may have asked by a key.
  person text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null default 'pending',
  decided_by text,
  decided_at timestamptz,
  revision bigint not null default 1,
  constraint approvals_role_known check (role in ('viewer', 'support', 'economist', 'owner')),
  constraint approvals_status_known check (status in ('pending', 'approved', 'done', 'rejected')),
  constraint approvals_decided check (
    num_nulls(decided_by, decided_at) = case when status = 'pending' then 2 else 0 end)
);
create index approvals_pending on newday.approvals (asked_at, id) where status = 'pending';
create index operator_changes_approvals on newday.operator_changes (subject) where what = 'approval ask';

-- What an operator may move a day without a second person; a currency without a row has the default.
create table newday.act_limits (
  currency text constraint act_limits_pkey primary key,
  maximum bigint not null,
  constraint act_limits_maximum check (maximum >= 0)
);

-- What each person moved without a second person on their last day, by person and currency.
create table newday.act_totals (
  id text constraint act_totals_pkey primary key,
  day text not null,
  total bigint not null,
  revision bigint not null default 1,
  constraint act_totals_total check (total >= 0)
);

create or replace function newday.is_change_of(what text, subject text, before jsonb, after jsonb, of_user text) returns boolean
language sql immutable as $$
  select coalesce(case
    when what = 'user-freeze'
      then subject in ('user-freeze:' || of_user || ':platform', 'user-freeze:' || of_user || ':operator')
    when what = 'consent' then newday.payer_of_consent(subject) = of_user
    when what = 'limit' then of_user in (before->>'userId', after->>'userId')
    when what in ('link', 'unlink')
      then subject = 'link:' || of_user or of_user in (before->>'userId', after->>'userId')
    when what in ('test-user add', 'test-user remove') or what like 'user %' then subject = of_user
    when what = 'purchase refund' then substring(subject from '^[0-9a-f-]{36} \((.*)\)$') = of_user
    when what like 'approval %' or what in ('listing cancel', 'confiscation return')
      then after->>'userId' = of_user
  end, false)
$$;

-- Written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''purchases''', '''purchases'', ''approvals'', ''act_totals''');
end $$;
select newday.grant_roles();
