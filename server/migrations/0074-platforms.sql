-- A platform is a row. Its secrets are stored encrypted, with a key that the database never holds.
create table newday.platforms (
  name text not null constraint platforms_pkey primary key,
  status text not null default 'active',
  suspended_reason text,
  -- Bare ids belong to the platforms that shared one id space in the legacy database.
  bare_ids boolean not null default false,
  login_policy text not null,
  origins text[] not null default '{}',
  -- Public keys of the policy `jwks`: inline, or the address of the set.
  jwks jsonb,
  jwks_url text,
  -- Coins of a new wallet, in minor units, and the budget per UTC day that pays them; null: no bound.
  starter_grant bigint not null default 0,
  starter_budget_per_day bigint,
  -- What a login without a proof may spend in total, and the sentence that an operator typed.
  compatibility_cap bigint,
  compatibility_accepted text,
  created_at timestamptz not null default now(),
  constraint platforms_name_form check (name ~ '^[a-z][a-z0-9-]{0,31}$' and name <> 'system'),
  constraint platforms_status_known check (status in ('active', 'suspended')),
  constraint platforms_suspended_reason check ((status = 'suspended') = (suspended_reason is not null)),
  constraint platforms_login_policy_known
    check (login_policy in ('none', 'compatibility', 'hmac', 'jwks')),
  constraint platforms_jwks_once check (jwks is null or jwks_url is null),
  constraint platforms_jwks_present
    check (login_policy <> 'jwks' or jwks is not null or jwks_url is not null),
  constraint platforms_compatibility_accepted
    check (login_policy <> 'compatibility' or
      (compatibility_cap is not null and compatibility_accepted is not null)),
  constraint platforms_amounts check (starter_grant >= 0 and starter_budget_per_day >= 0
    and compatibility_cap >= 0)
);

-- Two at a time are live: a new secret, and the one before it until its end. A retired secret proves no new
-- login, and its sessions go on; a withdrawn one ends its sessions. Rows stay, so that the environment is
-- imported once and never brings a withdrawn secret back.
create table newday.platform_secrets (
  platform text not null constraint platform_secrets_platform_fk references newday.platforms (name),
  -- As in `sessions.secret_mark`.
  mark bytea not null,
  -- AES-256-GCM: nonce, ciphertext, tag. Names the key that opens it, by the key's fingerprint.
  ciphertext bytea not null,
  key_fingerprint text not null,
  source text not null,
  created_at timestamptz not null default now(),
  valid_until timestamptz,
  withdrawn_at timestamptz,
  constraint platform_secrets_pkey primary key (platform, mark),
  constraint platform_secrets_mark_length check (octet_length(mark) = 8),
  constraint platform_secrets_source_known check (source in ('environment', 'command'))
);

insert into newday.platforms (name, bare_ids, login_policy, starter_grant)
values ('allinone', true, 'hmac', 1000), ('newday', true, 'hmac', 1000), ('direct', true, 'hmac', 1000);
-- Platforms of before were whatever a key, a user or a minter named.
insert into newday.platforms (name, login_policy)
select distinct name, 'hmac' from (
  select platform from newday.platform_keys
  union select platform from newday.users
  union select unnest(minters) from newday.currencies
) as named (name)
where name ~ '^[a-z][a-z0-9-]{0,31}$' and name <> 'system'
on conflict do nothing;

-- Servers cache the platforms, and evict them as they evict a revoked session.
create function newday.notify_platforms() returns trigger language plpgsql as $$
begin
  perform pg_notify('newday_revoked', 'platforms');
  return null;
end $$;
create trigger platforms_notify after insert or update or delete on newday.platforms
  for each statement execute function newday.notify_platforms();
create trigger platform_secrets_notify after insert or update or delete on newday.platform_secrets
  for each statement execute function newday.notify_platforms();

-- The reason that an operator gave for a change.
alter table newday.operator_changes
  add column reason text,
  add constraint operator_changes_reason_length check (char_length(reason) between 1 and 500);

-- Written by operators, never by a serving process; a report sees no secret, encrypted or not.
do $$ begin
  execute replace(replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''operator_changes''', '''operator_changes'', ''platforms'', ''platform_secrets'''),
    '''used_assertions''', '''used_assertions'', ''platform_secrets''');
end $$;
select newday.grant_roles();
