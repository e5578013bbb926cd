-- Bit 11: a limit bounds the account. Decisions read the limits of such accounts only.
alter table newday.accounts
  drop constraint accounts_flags,
  add constraint accounts_flags check (flags between 0 and 4095);
comment on column newday.accounts.flags is
  '1 debits frozen, 2 credits frozen, 4 closed, 8 by an operator; the same three of the platform from 16, of an operator from 128; 1024 of a test user; 2048 with spending limits';

-- Spending limits: of one account ('account:<id>'), or of platforms ('platforms', one row for all of them, which
-- every batch checks). limits is an array; the view below has a row for each.
create table newday.spending_limits (
  subject text not null,
  limits jsonb not null,
  revision bigint not null default 1,
  constraint spending_limits_pkey primary key (subject),
  constraint spending_limits_array check (jsonb_typeof(limits) = 'array')
);
create index spending_limits_by_id on newday.spending_limits using gin (limits jsonb_path_ops);
create view newday.each_spending_limit as
  select s.subject, l->>'id' as id, (l->>'version')::bigint as version, l->>'scope' as scope,
    l->>'owner' as owner, l->>'platform' as platform, l->>'userId' as user_id,
    l->>'currency' as currency, l->>'kind' as kind, l->>'window' as "window",
    (l->>'seconds')::bigint as seconds, (l->>'maximum')::bigint as maximum
  from newday.spending_limits s cross join lateral jsonb_array_elements(s.limits) l;

-- What a limit has counted, in buckets of time: [[start in milliseconds, amount], ...].
create table newday.spending_counters (
  id text not null,
  buckets jsonb not null,
  revision bigint not null default 1,
  constraint spending_counters_pkey primary key (id),
  constraint spending_counters_array check (jsonb_typeof(buckets) = 'array')
);

-- Where an open hold is counted, so that what it does not take is given back.
create table newday.counted_holds (
  hold_id uuid not null,
  counted jsonb not null,
  constraint counted_holds_pkey primary key (hold_id)
);

-- What a user, or their own platform, permits another platform: at most so much of a currency a UTC day.
create table newday.consents (
  account bigint not null,
  platform text not null,
  user_id text not null,
  currency text not null,
  per_day bigint not null,
  verbs jsonb not null,
  granted_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  version bigint not null default 1,
  day timestamptz not null,
  spent_on_day bigint not null default 0,
  revision bigint not null default 1,
  constraint consents_pkey primary key (account, platform),
  constraint consents_per_day check (per_day >= 0),
  constraint consents_spent check (spent_on_day >= 0),
  constraint consents_verbs check (
    verbs <@ '["transfer", "hold"]' and jsonb_array_length(verbs) > 0)
);
create index consents_platform on newday.consents (platform, account);

do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''item_history'',',
    '''item_history'', ''spending_limits'', ''spending_counters'', ''counted_holds'', ''consents'',');
end $$;
select newday.grant_roles();
