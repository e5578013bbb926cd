-- Servers remember live sessions and keys for a few seconds, and forget one as soon as they are told.
-- A trigger tells, so that it does not matter who ends a session, or how. The hash opens nothing.
create function newday.tell_revoked() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'sessions' then
    perform pg_notify('newday_revoked', encode(old.token_hash, 'hex'));
  else
    perform pg_notify('newday_revoked', encode(old.key_hash, 'hex'));
  end if;
  return null;
end $$;
create trigger sessions_tell_revoked after update or delete on newday.sessions
  for each row execute function newday.tell_revoked();
create trigger platform_keys_tell_revoked after update or delete on newday.platform_keys
  for each row execute function newday.tell_revoked();
