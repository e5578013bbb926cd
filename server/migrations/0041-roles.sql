-- Roles without a login, so that the sessions of the server may do no more than it needs. Roles belong to the
-- whole cluster: they may exist, another database may be making them at this moment, and the one
-- who migrates may not be allowed to make any. Then the database works without them.
--   newday_posting  the posting engine: the only one that writes balances and what was posted
--   newday_app      everything else that the server does
--   newday_read     reports: sees everything but credentials
create function newday.make_roles() returns void language plpgsql as $$
declare
  wanted text;
begin
  foreach wanted in array array['newday_read', 'newday_app', 'newday_posting'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin', wanted);
      end if;
    exception
      when duplicate_object or unique_violation then null; -- another database was faster
      when insufficient_privilege or lock_not_available then
        raise notice 'newday: this login cannot make the role %', wanted;
    end;
  end loop;
end $$;

-- A superuser may take any role; whoever may make roles only, has to be their member. From 16 on the
-- maker of a role is a member that may not take it yet.
create function newday.join_roles() returns void language plpgsql as $$
declare
  wanted text;
begin
  foreach wanted in array array['newday_app', 'newday_posting'] loop
    begin
      if current_setting('server_version_num')::int >= 160000 then
        if not pg_has_role(wanted, 'SET') then
          execute format('grant %I to current_user with inherit false, set true', wanted);
        end if;
      elsif not pg_has_role(wanted, 'member') then
        execute format('grant %I to current_user', wanted);
      end if;
    exception when others then -- also two databases that grant the same membership at once
      raise notice 'newday: this login cannot take the role %: %', wanted, sqlerrm;
    end;
  end loop;
end $$;

-- What each role may do, derived from the tables as they are: every start of a server that
-- finds a table without rights calls it, so that a new table needs no grant of its own. Nobody may truncate anything.
create function newday.grant_roles() returns void language plpgsql as $$
declare
  t record;
  -- Written by the posting engine alone: balances, and what moved.
  posted constant text[] := array['accounts', 'transfers', 'holds', 'refunds', 'items',
    'item_history', 'item_imports', 'item_merges', 'item_receipts', 'limit_counters', 'purchases'];
  -- Written by migrations, adoption and the operator, never by a serving process.
  settled constant text[] := array['schema_migrations', 'adoptions', 'currencies',
    'exchange_pairs', 'operator_changes'];
  -- Not for reports: hashes of credentials.
  secret constant text[] := array['sessions', 'platform_keys', 'used_assertions'];
begin
  if (select count(*) from pg_roles
      where rolname in ('newday_read', 'newday_app', 'newday_posting')) < 3 then
    return;
  end if;
  grant usage on schema newday to newday_read, newday_app, newday_posting;
  for t in
    select c.oid::regclass as name, c.relname, c.relkind, exists (
        select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
        -- 16 is the bit of UPDATE in tgtype.
        where g.tgrelid = c.oid and p.proname = 'refuse_change' and g.tgtype & 16 <> 0
      ) as append_only
    from pg_class c
    where c.relnamespace = 'newday'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
  loop
    if t.relkind = 'S' then
      execute format('grant usage, select on sequence %s to newday_app, newday_posting', t.name);
      continue;
    end if;
    execute format('revoke all on %s from newday_read, newday_app, newday_posting', t.name);
    execute format('grant select on %s to newday_app, newday_posting', t.name);
    if t.relname <> all (secret) then
      execute format('grant select on %s to newday_read', t.name);
    end if;
    if t.relkind in ('v', 'm') or t.relname = any (settled) then continue; end if;
    execute format('grant insert on %s to newday_posting', t.name);
    if not t.append_only then execute format('grant update on %s to newday_posting', t.name); end if;
    if t.relname = any (posted) then continue; end if;
    execute format('grant insert on %s to newday_app', t.name);
    if not t.append_only and t.relname <> 'wallets' then
      execute format('grant update, delete on %s to newday_app', t.name);
    end if;
  end loop;
  -- The game's own tables, which the server only reads.
  for t in
    select c.oid::regclass as name from pg_class c
    where c.oid in (to_regclass('public.players'), to_regclass('public.adventure_items'))
  loop
    execute format('grant select on %s to newday_app, newday_posting', t.name);
  end loop;
exception when insufficient_privilege or undefined_object then
  raise notice 'newday: this login cannot grant rights to the roles of New Day';
end $$;

select newday.make_roles();
select newday.join_roles();
select newday.grant_roles();
