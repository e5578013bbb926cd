-- A freeze of a user is one row that every decision about their money and items reads; what they own stays
-- untouched. The platform of the user and the operators of New Day each set and lift their own. A row stays
-- when both are lifted, so that its revision only increases.
create table newday.user_freezes (
  wallet bigint not null constraint user_freezes_pkey primary key,
  user_id text not null constraint user_freezes_user_id_key unique,
  -- 1: pays nothing, 2: receives nothing, 3: both; null: the side has no freeze.
  platform_blocks smallint,
  platform_reason text,
  platform_since timestamptz,
  platform_until timestamptz,
  operator_blocks smallint,
  operator_reason text,
  operator_since timestamptz,
  operator_until timestamptz,
  revision bigint not null default 1,
  constraint user_freezes_wallet_fk foreign key (wallet) references newday.ledger_wallets (number),
  constraint user_freezes_blocks_range
    check (platform_blocks between 0 and 3 and operator_blocks between 0 and 3),
  constraint user_freezes_platform_whole check (
    (platform_blocks is null) = (platform_reason is null)
    and (platform_blocks is null) = (platform_since is null)
    and (platform_blocks is not null or platform_until is null)),
  constraint user_freezes_operator_whole check (
    (operator_blocks is null) = (operator_reason is null)
    and (operator_blocks is null) = (operator_since is null)
    and (operator_blocks is not null or operator_until is null)),
  constraint user_freezes_reason_length check (
    char_length(platform_reason) between 1 and 500 and char_length(operator_reason) between 1 and 500)
);

-- Servers cache live sessions, which a frozen user cannot use.
create function newday.notify_user_freezes() returns trigger language plpgsql as $$
begin
  perform pg_notify('newday_revoked', encode(s.token_hash, 'hex'))
  from newday.sessions s
  where s.user_id = coalesce(new.user_id, old.user_id) and s.revoked_at is null and s.expires_at > now();
  return null;
end $$;
create trigger user_freezes_notify after insert or update or delete on newday.user_freezes
  for each row execute function newday.notify_user_freezes();

-- Written by the posting engine alone.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''purchases''', '''purchases'', ''user_freezes''');
end $$;
select newday.grant_roles();
