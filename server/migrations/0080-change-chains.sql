-- The logs of changes become hash chains: a changed, removed or inserted row breaks every link behind it. A text
-- that may name a person enters by its commitment, SHA-256 over 16 random bytes and the text, so that text and
-- salt can be dropped and the chain still verifies. server/src/lib/hash-chain.ts verifies it, with the same
-- encoding as here. Rows that are here already enter their chain now, in the order of their time.

-- One row per chain: its lock makes appends of all processes follow one another, and its link shows a removed end.
create table newday.change_chains (
  name text not null constraint change_chains_pkey primary key,
  sequence bigint not null default 0,
  link bytea not null,
  constraint change_chains_link_length check (octet_length(link) = 32)
);
insert into newday.change_chains (name, link)
  select name, sha256(convert_to(name, 'UTF8'))
  from unnest(array['operator_changes', 'policy_changes']) as name;

-- "5:hello," and "-" for null: two lists of fields never give the same bytes.
create function newday.netstring(field text) returns bytea
language sql stable as $$
  select case when field is null then '-'::bytea
    else convert_to(octet_length(convert_to(field, 'UTF8')) || ':' || field || ',', 'UTF8') end
$$;

create function newday.append_to_chain(
  chain text, facts text[], texts text[],
  out sequence bigint, out salts bytea[], out commitments bytea[], out link bytea)
language plpgsql as $$
declare
  head newday.change_chains;
  field text;
begin
  select c.* into strict head from newday.change_chains c where c.name = chain for update;
  sequence := head.sequence + 1;
  select array_agg(s.salt order by t.place),
      array_agg(sha256(s.salt || convert_to(t.text, 'UTF8')) order by t.place)
    into salts, commitments
    from unnest(texts) with ordinality as t (text, place)
    -- Two of version 4: one has 122 random bits.
    cross join lateral (select case when t.text is not null then substring(
      sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16) end as salt) s;
  link := head.link || newday.netstring(sequence::text);
  foreach field in array facts loop
    link := link || newday.netstring(field);
  end loop;
  link := sha256(link || (
    select string_agg(newday.netstring(encode(c.commitment, 'hex')), ''::bytea order by c.place)
    from unnest(commitments) with ordinality as c (commitment, place)));
  update newday.change_chains c set sequence = append_to_chain.sequence, link = append_to_chain.link
    where c.name = chain;
end $$;
revoke execute on function newday.append_to_chain from public;

alter table newday.policy_changes
  add column sequence bigint,
  add column salts bytea[],
  add column commitments bytea[],
  add column link bytea;
alter table newday.operator_changes
  add column sequence bigint,
  add column salts bytea[],
  add column commitments bytea[],
  add column link bytea;

-- With the rights of their owner: the head of a chain is written here only.
create function newday.chain_policy_change() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  select * into new.sequence, new.salts, new.commitments, new.link from newday.append_to_chain(
    'policy_changes',
    array[new.id::text, ((extract(epoch from new.changed_at) * 1000000)::bigint)::text, new.what],
    array[new.caller, new.subject, new.reason, new.before::text, new.after::text]);
  return new;
end $$;
create function newday.chain_operator_change() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  select * into new.sequence, new.salts, new.commitments, new.link from newday.append_to_chain(
    'operator_changes',
    array[new.id::text, ((extract(epoch from new.changed_at) * 1000000)::bigint)::text, new.what,
      new.database_role],
    array[new.operator, new.subject, new.reason, new.before::text, new.after::text]);
  return new;
end $$;

alter table newday.policy_changes disable trigger policy_changes_append_only;
alter table newday.operator_changes disable trigger operator_changes_append_only;
create trigger policy_changes_chain before update on newday.policy_changes
  for each row execute function newday.chain_policy_change();
create trigger operator_changes_chain before update on newday.operator_changes
  for each row execute function newday.chain_operator_change();
do $$
declare
  row_id text;
begin
  for row_id in select id from newday.policy_changes order by changed_at, id loop
    update newday.policy_changes set sequence = 0 where id = row_id::uuid;
  end loop;
  for row_id in select id from newday.operator_changes order by id loop
    update newday.operator_changes set sequence = 0 where id = row_id::bigint;
  end loop;
end $$;
drop trigger policy_changes_chain on newday.policy_changes;
drop trigger operator_changes_chain on newday.operator_changes;
create trigger policy_changes_chain before insert on newday.policy_changes
  for each row execute function newday.chain_policy_change();
create trigger operator_changes_chain before insert on newday.operator_changes
  for each row execute function newday.chain_operator_change();
alter table newday.policy_changes enable trigger policy_changes_append_only;
alter table newday.operator_changes enable trigger operator_changes_append_only;

alter table newday.policy_changes
  alter column sequence set not null,
  alter column salts set not null,
  alter column commitments set not null,
  alter column link set not null,
  add constraint policy_changes_sequence_key unique (sequence);
alter table newday.operator_changes
  alter column sequence set not null,
  alter column salts set not null,
  alter column commitments set not null,
  alter column link set not null,
  add constraint operator_changes_sequence_key unique (sequence);

-- The triggers above write it, and nothing else.
do $$ begin
  execute replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''operator_changes''', '''operator_changes'', ''change_chains''');
end $$;
select newday.grant_roles();
