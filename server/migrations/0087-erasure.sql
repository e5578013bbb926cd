-- The erasure of a person: the person goes, the history of money and items stays. The posting engine begins it by
-- marking the user's row of freezes, so no process posts for them any more; `erase_person` ends it.

alter table newday.user_freezes
  add column erased_as text,
  add constraint user_freezes_erased_as check (erased_as ~ '^erased:[0-9a-f]{32}$');
comment on column newday.user_freezes.erased_as is
  'the name that replaces the user; from then on nothing moves in or out, on whose order ever';

-- A person who was erased and comes back is a new user, and gets no second starter grant. The mark is a keyed
-- hash of the former user id, and leads to no other row.
create table newday.erased_people (
  mark bytea not null constraint erased_people_pkey primary key,
  -- Whose key is told that the user was erased.
  platform text not null,
  erased_on date not null default (now() at time zone 'UTC')::date
);
create table newday.erasure_keys (
  key bytea not null,
  constraint erasure_keys_key_length check (octet_length(key) = 32)
);
insert into newday.erasure_keys
  select sha256(string_agg(uuid_send(gen_random_uuid()), ''::bytea)) from generate_series(1, 4);

-- HMAC-SHA-256 (RFC 2104) of a user id; the key is 32 bytes, filled up to the block of 64.
create function newday.person_mark(of_user text) returns bytea
language plpgsql stable security definer set search_path = pg_catalog as $$
declare
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
  secret bytea;
begin
  select key into strict secret from newday.erasure_keys;
  for place in 0..31 loop
    inner_pad := set_byte(inner_pad, place, get_byte(inner_pad, place) # get_byte(secret, place));
    outer_pad := set_byte(outer_pad, place, get_byte(outer_pad, place) # get_byte(secret, place));
  end loop;
  return sha256(outer_pad || sha256(inner_pad || convert_to(of_user, 'UTF8')));
end $$;
revoke execute on function newday.person_mark from public;

-- An update of an append-only row may take the person out of the named columns, and change nothing else.
create function newday.refuse_all_but_erasure() returns trigger language plpgsql as $$
declare
  before constant jsonb := to_jsonb(old);
  after constant jsonb := to_jsonb(new);
  part text;
begin
  if after - tg_argv is distinct from before - tg_argv then
    raise exception 'newday.% is append-only', tg_table_name using errcode = 'ND002';
  end if;
  foreach part in array tg_argv loop
    continue when after->part is not distinct from before->part or after->>part is null
      or after->>part like '%erased%';
    continue when part = 'erased_at' and before->>part is null;
    continue when part = 'salts' and not exists (
      select from jsonb_array_elements(after->part) with ordinality as s (salt, place)
      where s.salt <> 'null' and s.salt is distinct from before->part->(s.place::int - 1));
    raise exception 'newday.%.% is dropped or erased only', tg_table_name, part
      using errcode = 'ND002';
  end loop;
  return new;
end $$;

alter table newday.policy_changes
  add column erased_at timestamptz,
  alter column caller drop not null,
  alter column subject drop not null,
  alter column reason drop not null,
  drop constraint policy_changes_changed,
  add constraint policy_changes_changed
    check (erased_at is not null or before is distinct from after);
alter table newday.operator_changes
  add column erased_at timestamptz,
  alter column subject drop not null,
  drop constraint operator_changes_changed,
  add constraint operator_changes_changed
    check (erased_at is not null or before is distinct from after);

do $$
declare
  of_table text;
  parts text;
begin
  for of_table, parts in select * from (values
      ('policy_changes', '''caller'', ''subject'', ''reason'', ''before'', ''after'', ''salts'', ''erased_at'''),
      ('operator_changes', '''subject'', ''reason'', ''before'', ''after'', ''salts'', ''erased_at'''),
      ('transfers', '''caller'', ''reference'', ''reason'', ''metadata'', ''result'''),
      ('item_history', '''owner_id'''),
      ('purchases', '''buyer_id'', ''seller_id''')) as v loop
    execute format('drop trigger %1$s_append_only on newday.%1$I', of_table);
    execute format('create trigger %1$s_append_only before delete or truncate on newday.%1$I
      for each statement execute function newday.refuse_change()', of_table);
    execute format('create trigger %1$s_unchanged before update on newday.%1$I
      for each statement when (current_setting(''newday.erasure'', true) is distinct from ''on'')
      execute function newday.refuse_change()', of_table);
    execute format('create trigger %1$s_erased before update on newday.%1$I
      for each row execute function newday.refuse_all_but_erasure(%2$s)', of_table, parts);
  end loop;
end $$;

create or replace function newday.refuse_frozen_write() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('newday.erasure', true) = 'on' then return null; end if;
  raise exception 'public.% was adopted by New Day and is read-only now', tg_table_name
    using errcode = 'ND003';
end $$;

-- The places where texts hold a user id, each by its exact form. An id such as `25` or `gems` equals amounts and names of
-- other things, so no value is searched for outside these places. The export of a person reads the same.

-- `consent:<user>:<platform>:<currency>`: a user id may hold colons, the other two hold none.
create function newday.payer_of_consent(name text) returns text
language sql immutable as $$ select substring(name from '^consent:(.+):[^:]+:[^:]+$') $$;

-- The subject of a row of the logs of changes, by what was changed.
create function newday.is_change_of(what text, subject text, before jsonb, after jsonb, of_user text) returns boolean
language sql immutable as $$
  select coalesce(case
    when what in ('user-freeze', 'user freeze', 'user unfreeze')
      then subject in ('user-freeze:' || of_user || ':platform', 'user-freeze:' || of_user || ':operator')
    when what = 'consent' then newday.payer_of_consent(subject) = of_user
    when what = 'limit' then of_user in (before->>'userId', after->>'userId')
    when what in ('link', 'unlink')
      then subject = 'link:' || of_user or of_user in (before->>'userId', after->>'userId')
    when what in ('test-user add', 'test-user remove', 'user erase') then subject = of_user
    when what = 'purchase refund' then substring(subject from '^[0-9a-f-]{36} \((.*)\)$') = of_user
  end, false)
$$;

-- The id of a counter is a JSON array of texts without quotes, the first of which says where the user stands.
create function newday.is_counter_of(id text, of_user text) returns boolean
language sql immutable as $$
  select case
    when split_part(id, '"', 2) = 'gift' then of_user in (split_part(id, '"', 4), split_part(id, '"', 6))
    when split_part(id, '"', 2) = 'purchase' then split_part(id, '"', 6) = of_user
    when split_part(id, '"', 2) in ('gifts waiting', 'import', 'compatibility', 'test_top_up', 'declared', 'listed', 'imported')
      then split_part(id, '"', 4) = of_user
    else false
  end
$$;

-- `["<user>","<item>","user:<receiver>"]`
create function newday.is_receipt_of(request text, of_user text) returns boolean
language sql immutable as $$
  select starts_with(request, '["' || of_user || '",')
    or right(request, length(of_user) + 9) = ',"user:' || of_user || '"]'
$$;
create function newday.renamed_receipt(request text, old_id text, new_id text) returns text
language plpgsql immutable as $$
begin
  if starts_with(request, '["' || old_id || '",') then
    request := '["' || new_id || substr(request, length(old_id) + 3);
  end if;
  if right(request, length(old_id) + 9) = ',"user:' || old_id || '"]' then
    request := left(request, -(length(old_id) + 2)) || new_id || '"]';
  end if;
  return request;
end $$;

-- A member of a stored document takes the new name when it holds exactly the old one.
create function newday.renamed_member(document jsonb, member text[], old_id text, new_id text) returns jsonb
language sql immutable as $$
  select case when document #>> member = old_id
    then jsonb_set(document, member, to_jsonb(new_id)) else document end
$$;

-- The outcome of a transfer, as a repeated request is answered with it.
create function newday.renamed_outcome(kind text, refusal text, outcome jsonb, old_id text, new_id text) returns jsonb
language plpgsql immutable as $$
begin
  if refusal is null and kind in ('item_grant', 'item_change', 'item_use', 'item_transfer', 'item_return', 'gift_answer',
      'adventure_purchase') then
    outcome := newday.renamed_member(outcome, '{item,userId}', old_id, new_id);
    return newday.renamed_member(outcome, '{item,giftFrom}', old_id, new_id);
  elsif refusal is not null then
    outcome := newday.renamed_member(outcome, '{userId}', old_id, new_id);
    if newday.payer_of_consent(outcome->>'policy') = old_id then
      outcome := jsonb_set(outcome, '{policy}',
        to_jsonb('consent:' || new_id || substr(outcome->>'policy', length(old_id) + 9)));
    end if;
  end if;
  return outcome;
end $$;

-- The examples of the adoption of items.
create function newday.renamed_report(report jsonb, old_id text, new_id text) returns jsonb
language sql immutable as $$
  select jsonb_set(report, '{merges}', (
    select jsonb_agg(newday.renamed_member(m.merge, '{ownerId}', old_id, new_id) order by m.place)
    from jsonb_array_elements(report->'merges') with ordinality as m (merge, place)))
$$;

-- Players of New Day's own game: a row of another id takes the place of theirs, in every table that refers to it.
create function newday.erase_player(old_id text, new_id text) returns void
language plpgsql as $$
declare
  reference record;
begin
  if to_regclass('public.players') is null then return; end if;
  execute 'insert into public.players (id, nickname, created_at)
    select $2, $2, created_at from public.players where id = $1' using old_id, new_id;
  for reference in
    select c.conrelid::regclass as of_table, a.attname as name
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'public.players'::regclass and cardinality(c.conkey) = 1
  loop
    execute format('update %s set %I = $2 where %2$I = $1', reference.of_table, reference.name)
      using old_id, new_id;
  end loop;
  execute 'delete from public.players where id = $1' using old_id;
end $$;
revoke execute on function newday.erase_player from public;

create function newday.erase_legacy_rows(old_id text, new_id text) returns void
language plpgsql as $$
declare
  place record;
begin
  for place in select * from (values
      ('public.adventure_items', 'player_id', null), ('public.daily_adventures', 'player_id', null),
      ('public.market_items', 'seller_id', 'seller_name'), ('public.transactions', 'buyer_id', null),
      ('public.transactions', 'seller_id', null), ('public.user_inventories', 'user_id', null),
      ('newday_legacy.wallets', 'user_id', null)) as v (of_table, owner, name)
  loop
    continue when not exists (select from pg_attribute
      where attrelid = to_regclass(place.of_table) and attname = place.owner and not attisdropped);
    execute format('update %s set %I = $2%s where %2$I = $1', place.of_table, place.owner,
      case when place.name is not null then format(', %I = $2', place.name) else '' end)
      using old_id, new_id;
  end loop;
end $$;
revoke execute on function newday.erase_legacy_rows from public;

-- Transfers that may hold the person, found in pages of the journal before the transaction that replaces them, whose work is
-- then that of the person's rows, however many others there are. A transfer too much is harmless: each is checked again.
create table newday.erasure_finds (
  wallet bigint not null,
  transfer_id uuid not null,
  constraint erasure_finds_pkey primary key (wallet, transfer_id)
);
-- Of the numbers behind the first one up to the second one (migration 0090); with nulls, of the rows without a number.
create function newday.transfers_of_person(of_wallet bigint, of_user text, behind bigint, up_to bigint)
returns setof uuid language plpgsql stable as $$
declare
  first_account constant bigint := of_wallet << 16;
  last_account constant bigint := ((of_wallet + 1) << 16) - 1;
  names constant text[] := array['user:' || of_user, 'unverified:' || of_user];
begin
  return query execute format($query$
    select t.id from newday.transfers t
    where %s and (
      t.from_account between $1 and $2 or t.to_account between $1 and $2
      or t.caller = any ($3) or strpos(t.result::text, $4) > 0
      or exists (select from newday.holds h
        where h.id = t.id and (h.account between $1 and $2 or h.to_account between $1 and $2))
      or exists (select from newday.item_receipts r
        where r.transfer_id = t.id and newday.is_receipt_of(r.request, $4)))$query$,
    case when behind is null then 't.sequence is null' else 't.sequence > $5 and t.sequence <= $6' end)
    using first_account, last_account, names, of_user, behind, up_to;
end $$;

-- The one way through the append-only tables. It takes a user whose erasure the posting engine has begun, and
-- returns false for one that is gone already. `found_up_to` is the number up to which `erasure_finds` is whole.
create function newday.erase_person(of_wallet bigint, of_platform text, found_up_to bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  finds uuid[];
  old_id text;
  new_id text;
  names text[];
  first_account constant bigint := of_wallet << 16;
  last_account constant bigint := ((of_wallet + 1) << 16) - 1;
  logged uuid[];
  own uuid[];
begin
  select w.user_id, f.erased_as into old_id, new_id
    from newday.ledger_wallets w join newday.user_freezes f on f.wallet = w.number
    where w.number = of_wallet and f.erased_as is not null for update;
  if new_id is null then
    raise exception 'the erasure of wallet % has not begun', of_wallet using errcode = 'ND002';
  end if;
  if old_id = new_id then
    delete from newday.erasure_finds where wallet = of_wallet; -- Of a second request beside the first one.
    return false;
  end if;
  perform set_config('newday.erasure', 'on', true), set_config('newday.posting', 'on', true);
  names := array['user:' || old_id, 'unverified:' || old_id];

  -- The log of changes: commitments stay. An author other than the person stays too.
  with dropped as (
    update newday.policy_changes c set erased_at = now(),
      caller = case when c.caller = any (names) then null else c.caller end,
      subject = null, reason = null, before = null, after = null,
      salts = array[case when c.caller = any (names) then null else c.salts[1] end,
        null, null, null, null]
    where c.caller = any (names) or newday.is_change_of(c.what, c.subject, c.before, c.after, old_id)
    returning c.id)
  select coalesce(array_agg(id), '{}') into logged from dropped;
  update newday.operator_changes c set erased_at = now(),
      subject = null, reason = null, before = null, after = null,
      salts = array[c.salts[1], null, null, null, null]
    where newday.is_change_of(c.what, c.subject, c.before, c.after, old_id);

  select coalesce(array_agg(f.id), '{}') into finds from (
    select transfer_id as id from newday.erasure_finds where wallet = of_wallet
    union select newday.transfers_of_person(of_wallet, old_id, found_up_to, 9223372036854775807)) as f;

  -- Transfers: ids and amounts stay. Texts go where the person takes part or asked: by account, as the caller, or
  -- because a row of theirs names the transfer. In the outcomes of others the known members take the new name.
  select coalesce(array_agg(distinct named.id), '{}') into own from (
    select t.id from newday.transfers t where t.id = any (finds)
      and (t.from_account between first_account and last_account
        or t.to_account between first_account and last_account or t.caller = any (names))
    union all select h.id from newday.holds h where h.id = any (finds)
      and (h.account between first_account and last_account or h.to_account between first_account and last_account)
    union all select h.transfer_id from newday.item_history h where h.owner_id = old_id
    union all select r.transfer_id from newday.item_receipts r
      where r.transfer_id = any (finds) and newday.is_receipt_of(r.request, old_id)
    union all select p.transfer_id from newday.purchases p where old_id in (p.buyer_id, p.seller_id)
    union all select unnest(logged)) as named;
  own := own || array(select distinct t.id from newday.transfers t where t.related = any (own));
  update newday.transfers t set reference = null, reason = null, metadata = null,
      caller = r.caller, result = r.result
    from (select o.id, o.line,
        case o.caller when names[1] then 'user:' || new_id when names[2] then 'unverified:' || new_id
          else o.caller end,
        case when o.kind = 'adjustment' and o.result ? 'reason' then o.result || '{"reason": "erased"}'
          else newday.renamed_outcome(o.kind, o.refusal, o.result, old_id, new_id) end
      from newday.transfers o where o.id = any (own)) as r (id, line, caller, result)
    where t.id = r.id and t.line = r.line and (num_nonnulls(t.reference, t.reason, t.metadata) > 0
      or t.caller <> r.caller or t.result is distinct from r.result);
  update newday.transfers t set result = r.result
    from (select o.id, o.line, newday.renamed_outcome(o.kind, o.refusal, o.result, old_id, new_id)
      from newday.transfers o where o.id = any (finds) and strpos(o.result::text, old_id) > 0) as r (id, line, result)
    where t.id = r.id and t.line = r.line and t.result <> r.result;
  update newday.transfers t set
      result = t.result || '{"subject": "erased", "before": null, "after": null}'
    where t.id = any (logged) and t.result ? 'subject';

  update newday.item_history set owner_id = new_id where owner_id = old_id;
  update newday.items set owner_id = new_id where owner_id = old_id;
  update newday.items set gift_from = null where gift_from = old_id;
  update newday.items set external_id = null, allinone_item_id = null
    where owner_id = new_id and num_nonnulls(external_id, allinone_item_id) > 0;
  update newday.purchases set
      buyer_id = case buyer_id when old_id then new_id else buyer_id end,
      seller_id = case seller_id when old_id then new_id else seller_id end
    where buyer_id = old_id or seller_id = old_id;
  update newday.listings set seller_id = new_id, seller_name = new_id where seller_id = old_id;
  delete from newday.item_imports where owner_id = old_id;
  update newday.item_receipts set request = newday.renamed_receipt(request, old_id, new_id)
    where transfer_id = any (finds) and newday.is_receipt_of(request, old_id);
  update newday.item_merges set legacy_row = newday.renamed_member(legacy_row, '{user_id}', old_id, new_id)
    where legacy_row->>'user_id' = old_id;
  update newday.adoptions set report = newday.renamed_report(report, old_id, new_id)
    where report->'merges' @> jsonb_build_array(jsonb_build_object('ownerId', old_id));
  delete from newday.limit_counters where newday.is_counter_of(id, old_id);
  delete from newday.consents where account between first_account and last_account;
  delete from newday.spending_limits where subject ~ '^account:\d{1,18}$'
    and substring(subject from 9)::bigint between first_account and last_account;
  delete from newday.test_users where user_id = old_id;
  perform newday.erase_player(old_id, new_id);
  perform newday.erase_legacy_rows(old_id, new_id);

  delete from newday.sessions where user_id = old_id;
  update newday.user_freezes set user_id = new_id, revision = revision + 1,
      platform_blocks = null, platform_reason = null, platform_since = null, platform_until = null,
      operator_blocks = null, operator_reason = null, operator_since = null, operator_until = null
    where wallet = of_wallet;
  update newday.users set user_id = new_id, external_id = new_id, display_name = new_id
    where user_id = old_id;
  update newday.ledger_wallets set user_id = new_id, platform = of_platform where number = of_wallet;
  insert into newday.erased_people (mark, platform) values (newday.person_mark(old_id), of_platform)
    on conflict (mark) do update set erased_on = excluded.erased_on;
  delete from newday.erasure_finds where wallet = of_wallet;
  perform set_config('newday.erasure', 'off', true), set_config('newday.posting', 'off', true);
  -- Servers cache the wallet by the name that is gone.
  perform pg_notify('newday_revoked', 'wallets');
  return true;
end $$;
revoke execute on function newday.erase_person from public;

-- The serving process may end an erasure, and sees whether a user was erased; reports do not see the key.
do $$ begin
  execute replace(replace(replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''change_chains''', '''change_chains'', ''erased_people'', ''erasure_keys'''),
    '''used_assertions''', '''used_assertions'', ''erasure_keys'''),
    'grant usage on schema newday to newday_read, newday_app, newday_posting;',
    'grant usage on schema newday to newday_read, newday_app, newday_posting;
  grant execute on function newday.erase_person, newday.person_mark to newday_app;');
end $$;
select newday.grant_roles();
