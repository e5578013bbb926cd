-- The platform whose proof verified a user; from then on only its proofs open this user. The first three platforms share an
-- id space, so the id alone does not tell them apart. Null: unverified, or verified by a release before and without a
-- session that tells by whom; the next proof records it.
alter table newday.users
  add column verified_by text,
  add constraint users_verified_by_platform check (verified_by is null or proven_at is not null);
comment on column newday.users.verified_by is 'platform whose proof verified the user; the proofs of no other platform open this user';

-- The platform that verified a user is their home platform: its server acts for them, and its limits, budgets and
-- suspension count, whichever platform opened them first.
comment on column newday.users.platform is 'home platform: of the proof that verified the user, until then of the first login';
update newday.users u set verified_by = s.platform, platform = s.platform
from (
  select distinct on (user_id) user_id, platform from newday.sessions
  where proven and through_user_id is null
  order by user_id, created_at
) s
where s.user_id = u.user_id and u.proven_at is not null;

-- Servers cache the wallet with its platform.
create function newday.tell_moved_user() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform pg_notify('newday_revoked', 'wallet:' || number)
    from newday.ledger_wallets where user_id = new.user_id;
  return null;
end $$;
create trigger users_tell_moved after update of platform on newday.users
  for each row when (old.platform is distinct from new.platform) execute function newday.tell_moved_user();
