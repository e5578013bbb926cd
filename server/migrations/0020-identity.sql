-- Users of every platform, and the tokens that open their wallets.
-- A user is (platform, external id); user_id is the public id. Bare ids belong to the platforms that
-- shared one id space in the legacy database (allinone, newday, direct).
create table newday.users (
  user_id text not null constraint users_pkey primary key,
  platform text not null,
  external_id text not null,
  display_name text not null,
  -- Set by the first login with a signed assertion; from then on only such a login opens this user.
  proven_at timestamptz,
  created_at timestamptz not null default now(),
  constraint users_platform_external_id_unique unique (platform, external_id),
  constraint users_user_id_length check (char_length(user_id) between 1 and 255),
  constraint users_display_name_length check (char_length(display_name) between 1 and 64)
);

-- Only the SHA-256 of a token is stored: who reads this table cannot act as anybody.
create table newday.sessions (
  token_hash bytea not null constraint sessions_pkey primary key,
  user_id text not null constraint sessions_user_id_fk references newday.users (user_id),
  platform text not null,
  proven boolean not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint sessions_token_hash_length check (octet_length(token_hash) = 32)
);
create index sessions_user_id_created_at on newday.sessions (user_id, created_at);

-- An assertion opens one session, once (INCIDENTS.md G1: nonce).
create table newday.used_assertions (
  platform text not null,
  nonce text not null,
  expires_at timestamptz not null,
  constraint used_assertions_pkey primary key (platform, nonce)
);
