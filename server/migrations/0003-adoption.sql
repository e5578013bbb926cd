-- What has been taken over from the legacy tables, part by part (`newday adopt`).
create schema if not exists newday_legacy;
comment on schema newday_legacy is 'legacy tables after adoption, kept as they were, read by nobody';

create table newday.adoptions (
  part text not null,
  report jsonb not null,
  adopted_at timestamptz not null default now(),
  constraint adoptions_pkey primary key (part)
);

-- An old server that still runs must fail loudly instead of writing where nobody looks.
create function newday.refuse_legacy_write() returns trigger language plpgsql as $$
begin
  raise exception 'public.% is a read-only view since this database was adopted by New Day', tg_table_name
    using errcode = 'ND003', hint = 'Post money through the New Day API; see docs/ledger.md.';
end $$;
