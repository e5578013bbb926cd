-- The end of an erasure names the wallet, so that servers evict this one of their cached wallets. A server of the
-- release before keeps its entry, which is harmless: nothing is posted for an erased user.
do $$ begin
  execute replace(pg_get_functiondef('newday.erase_person'::regproc),
    'pg_notify(''newday_revoked'', ''wallets'')',
    'pg_notify(''newday_revoked'', ''wallet:'' || of_wallet)');
end $$;
