-- Operators change platforms, currencies and exchange pairs through the server, too: its roles add and change these
-- rows, and never remove a platform, a secret or a currency. Each change has its row in the log.
do $$ begin
  execute replace(replace(replace(pg_get_functiondef('newday.grant_roles'::regproc),
    '''currencies'',
    ''exchange_pairs'', ''change_chains''', '''change_chains'''),
    '''erasure_keys'', ''platforms'', ''platform_secrets'', ''test_users''', '''erasure_keys'', ''test_users'''),
    'if not t.append_only and t.relname <> ''wallets'' then',
    'if t.relname in (''currencies'', ''platforms'', ''platform_secrets'') then
      execute format(''grant update on %s to newday_app'', t.name);
    elsif not t.append_only and t.relname <> ''wallets'' then');
end $$;

-- The key under which an operator asked for a change of settings, so that a repeated request finds the change.
create table newday.operator_change_keys (
  -- Derived from the operator and their key.
  id uuid constraint operator_change_keys_pkey primary key,
  fingerprint uuid not null,
  change_id bigint not null
    constraint operator_change_keys_change_fk references newday.operator_changes (id),
  constraint operator_change_keys_change_key unique (change_id)
);
create trigger operator_change_keys_append_only
  before update or delete or truncate on newday.operator_change_keys
  for each statement execute function newday.refuse_change();

select newday.grant_roles();
