-- Keys with which a platform's own server calls /api/v1. Like session tokens, only the SHA-256 is
-- stored. A revoked key stays, so that what it did can still be told apart.
create table newday.platform_keys (
  id text not null constraint platform_keys_pkey primary key,
  key_hash bytea not null constraint platform_keys_key_hash_key unique,
  platform text not null,
  label text not null default '',
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint platform_keys_key_hash_length check (octet_length(key_hash) = 32),
  constraint platform_keys_platform_form check (platform ~ '^[a-z][a-z0-9-]{0,31}$'),
  constraint platform_keys_scopes_present check (cardinality(scopes) > 0),
  constraint platform_keys_label_length check (char_length(label) <= 64)
);
create index platform_keys_platform on newday.platform_keys (platform, created_at);
