-- Users that an operator has named for a partner's test pages: their login needs no proof, a daily budget
-- refills their coins, and their money and items move among test users and the shop only.
create table newday.test_users (
  user_id text primary key check (length(user_id) between 1 and 255),
  daily_budget bigint not null check (daily_budget between 0 and 1000000000),
  named_by text not null,
  named_at timestamptz not null default now()
);

-- Bit 10 stays when the name is taken away: what a test user was paid never joins the other money.
alter table newday.accounts
  drop constraint accounts_flags,
  add constraint accounts_flags check (flags between 0 and 2047);
comment on column newday.accounts.flags is
  '1 debits frozen, 2 credits frozen, 4 closed, 8 by an operator; the same three of the platform from 16, of an operator from 128; 1024 of a test user';

-- Servers cache live sessions, budgets included.
create function newday.tell_test_user() returns trigger language plpgsql as $$
begin
  perform pg_notify('newday_revoked', encode(s.token_hash, 'hex')) from newday.sessions s
    where s.user_id = coalesce(new.user_id, old.user_id) and s.revoked_at is null;
  return null;
end $$;
create trigger test_users_tell after insert or update or delete on newday.test_users
  for each row execute function newday.tell_test_user();

-- Written by operators, never by a serving process.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''operator_changes''', '''operator_changes'', ''test_users''');
end $$;
select newday.grant_roles();
