-- A link lets the logins of one user open another user's wallet. Nothing is merged: what the linked user owns
-- stays theirs, and a deleted link restores both. A user is linked or opened by links, never both: changes of
-- links hold one advisory lock, and lock the rows of both users.
create table newday.identity_links (
  linked_user_id text not null constraint identity_links_pkey primary key,
  user_id text not null,
  linked_at timestamptz not null default statement_timestamp(),
  linked_by text not null,
  constraint identity_links_linked_user_id_fk foreign key (linked_user_id) references newday.users (user_id),
  constraint identity_links_user_id_fk foreign key (user_id) references newday.users (user_id),
  constraint identity_links_two_users check (linked_user_id <> user_id)
);
comment on column newday.identity_links.user_id is 'the user whose wallet it opens';
create index identity_links_user_id on newday.identity_links (user_id, linked_at);

-- Every change of a link enters the log of rules, in its hash chain, also one that SQL by hand makes. With the rights of the
-- owner: a serving process writes no row of that log by itself.
create function newday.log_identity_link() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into newday.policy_changes (id, caller, what, subject, reason, before, after)
  values (
    gen_random_uuid(),
    case when tg_op = 'INSERT' then new.linked_by
      else coalesce(nullif(current_setting('newday.caller', true), ''), 'database:' || session_user) end,
    case when tg_op = 'DELETE' then 'unlink' else 'link' end,
    'link:' || coalesce(new.linked_user_id, old.linked_user_id),
    case when tg_op = 'INSERT' then 'both identities proved themselves' else 'asked for by the caller' end,
    case when tg_op <> 'INSERT' then jsonb_build_object('userId', old.user_id) end,
    case when tg_op <> 'DELETE' then jsonb_build_object('userId', new.user_id) end);
  return null;
end $$;
create trigger identity_links_log after insert or update or delete on newday.identity_links
  for each row execute function newday.log_identity_link();

-- The linked user whose login opened the session; its platform and secret_mark are of that login.
alter table newday.sessions
  add column through_user_id text,
  add constraint sessions_through_user_id_fk foreign key (through_user_id) references newday.users (user_id);
create index sessions_through_user_id on newday.sessions (through_user_id)
  where through_user_id is not null;

-- The linked identity through whose login a user asked for a transfer; without a row it was a login of the user's own. Beside the
-- transfer, so that no other posting pays for it.
create table newday.linked_transfers (
  transfer_id uuid not null constraint linked_transfers_pkey primary key,
  through_user_id text not null
);
create index linked_transfers_user on newday.linked_transfers (through_user_id);

-- A freeze of the linked user counts too.
create or replace function newday.notify_user_freezes() returns trigger language plpgsql as $$
begin
  perform pg_notify('newday_revoked', encode(s.token_hash, 'hex'))
  from newday.sessions s
  where (s.user_id = coalesce(new.user_id, old.user_id)
      or s.through_user_id = coalesce(new.user_id, old.user_id))
    and s.revoked_at is null and s.expires_at > now();
  return null;
end $$;

-- The erasure of a person takes their links first: what the deletion logs is dropped with the rest of the log.
-- A logged row may name two people, who are erased one after the other.
do $$ begin
  execute replace(replace(replace(replace(pg_get_functiondef('newday.erase_person'::regproc),
    '  update newday.item_history set',
    '  delete from newday.linked_transfers where through_user_id = old_id or transfer_id = any (own);
  update newday.item_history set'),
    '  -- The log of changes: commitments stay.',
    '  delete from newday.identity_links where old_id in (linked_user_id, user_id);

  -- The log of changes: commitments stay.'),
    'set erased_at = now(),', 'set erased_at = coalesce(c.erased_at, now()),'),
    'delete from newday.sessions where user_id = old_id;',
    'delete from newday.sessions where old_id in (user_id, through_user_id);');
end $$;

do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc), '''purchases''', '''purchases'', ''linked_transfers''');
end $$;
select newday.grant_roles();
