-- The export of a person reads the legacy tables too, which a serving process had no need of before. A table of
-- another owner stays as it is: the owner grants it, or the export is made by a command with the rights for it.
create function newday.grant_legacy_reads() returns void
language plpgsql as $$
declare
  of_table text;
begin
  if not exists (select from pg_roles where rolname = 'newday_app') then return; end if;
  foreach of_table in array array['public.daily_adventures', 'public.market_items',
      'public.transactions', 'public.user_inventories', 'newday_legacy.wallets'] loop
    begin
      if to_regclass(of_table) is null then continue; end if;
      execute format('grant usage on schema %I to newday_app', split_part(of_table, '.', 1));
      execute format('grant select on %s to newday_app', of_table);
    exception when insufficient_privilege then
      raise notice 'newday: this login cannot grant rights on %', of_table;
    end;
  end loop;
end $$;
select newday.grant_legacy_reads();
