-- People who run the economy: their logins, sessions and keys for machines. The database holds hashes of
-- credentials, and second factors encrypted as the secrets of platforms are.
create table newday.operators (
  id text not null constraint operators_pkey primary key,
  login text not null constraint operators_login_key unique,
  display_name text not null,
  role text not null,
  status text not null default 'invited',
  -- argon2id; null until the invitation is accepted.
  password_hash text,
  -- AES-256-GCM; names the key that opens it, by the key's fingerprint.
  second_factor bytea,
  second_factor_mark bytea,
  second_factor_key text,
  -- The time step of the last accepted code: a code opens once. Null until the factor is confirmed.
  second_factor_step bigint,
  created_at timestamptz not null default now(),
  constraint operators_login_form check (login ~ '^[a-z0-9][a-z0-9._@+-]{0,63}$'),
  constraint operators_display_name_length check (char_length(display_name) between 1 and 64),
  constraint operators_role_known check (role in ('viewer', 'support', 'economist', 'owner')),
  constraint operators_status_known check (status in ('invited', 'active', 'suspended')),
  constraint operators_active_with_password check (status <> 'active' or password_hash is not null),
  constraint operators_second_factor_whole check (
    num_nulls(second_factor, second_factor_mark, second_factor_key) in (0, 3)
    and (second_factor_step is null or second_factor is not null))
);

create table newday.operator_sessions (
  token_hash bytea not null constraint operator_sessions_pkey primary key,
  operator_id text not null constraint operator_sessions_operator_fk references newday.operators (id),
  -- True when a second factor was shown, too.
  second_factor boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint operator_sessions_hash_length check (octet_length(token_hash) = 32)
);
create index operator_sessions_operator on newday.operator_sessions (operator_id, created_at);

create table newday.operator_keys (
  id text not null constraint operator_keys_pkey primary key,
  key_hash bytea not null constraint operator_keys_hash_key unique,
  label text not null,
  role text not null,
  made_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint operator_keys_hash_length check (octet_length(key_hash) = 32),
  constraint operator_keys_label_length check (char_length(label) between 1 and 64),
  constraint operator_keys_role_known check (role in ('viewer', 'support', 'economist', 'owner'))
);

-- One-time codes: of the first owner (no operator yet), of an invitation, of a lost password.
create table newday.operator_codes (
  code_hash bytea not null constraint operator_codes_pkey primary key,
  operator_id text constraint operator_codes_operator_fk references newday.operators (id),
  expires_at timestamptz not null,
  constraint operator_codes_hash_length check (octet_length(code_hash) = 32)
);

-- Refused sign-ins of the last minutes, by name and by network, of every client.
create table newday.refused_sign_ins (
  id bigint generated always as identity constraint refused_sign_ins_pkey primary key,
  login text not null,
  network text not null,
  refused_at timestamptz not null default now()
);
create index refused_sign_ins_login on newday.refused_sign_ins (login, refused_at);
create index refused_sign_ins_time on newday.refused_sign_ins (refused_at);

-- Hashes of credentials are for no report; acts of operators are written by the serving process too.
do $$
declare
  body text := pg_get_functiondef('newday.grant_roles'::regproc);
begin
  body := replace(body, '''used_assertions''',
    '''used_assertions'', ''operators'', ''operator_sessions'', ''operator_keys'', ''operator_codes'', ''refused_sign_ins''');
  execute replace(body, '''exchange_pairs'', ''operator_changes''', '''exchange_pairs''');
end $$;
select newday.grant_roles();
