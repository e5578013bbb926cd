-- The continuous audit: what it has read of each invariant, what it found, and runs that operators ask for. A finding
-- freezes its user on a side of the audit's own, so that neither the platform nor an operator lifts it by accident.
create table newday.audit_positions (
  invariant text not null,
  -- `new` follows what is posted; `again` reads everything once more, slowly.
  lane text not null,
  position jsonb,
  pass bigint not null default 0,
  checked bigint not null default 0,
  changed_at timestamptz not null default now(),
  -- When the end was last reached.
  reached_at timestamptz,
  constraint audit_positions_pkey primary key (invariant, lane),
  constraint audit_positions_lane_known check (lane in ('new', 'again'))
);
create table newday.audit_findings (
  id uuid not null default gen_random_uuid() constraint audit_findings_pkey primary key,
  invariant text not null,
  subject text not null,
  severity text not null,
  wallet bigint,
  evidence jsonb not null,
  found_at timestamptz not null default date_trunc('milliseconds', now()),
  seen_at timestamptz not null default now(),
  -- The audit froze the user of the wallet for it.
  froze boolean not null default false,
  closed_at timestamptz,
  closed_by text,
  closed_reason text,
  constraint audit_findings_severity_known check (severity in ('critical', 'serious')),
  constraint audit_findings_closed_whole
    check (num_nulls(closed_at, closed_by, closed_reason) in (0, 3)),
  constraint audit_findings_reason_length check (char_length(closed_reason) between 1 and 500)
);
create unique index audit_findings_open on newday.audit_findings (invariant, subject) where closed_at is null;
create index audit_findings_newest on newday.audit_findings (found_at, id);
create table newday.audit_runs (
  id uuid not null default gen_random_uuid() constraint audit_runs_pkey primary key,
  asked_by text not null,
  asked_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  -- The invariant that is being read, its place among all, and where it is.
  step integer not null default 0,
  steps integer not null,
  position jsonb,
  checked bigint not null default 0,
  findings bigint not null default 0,
  -- Invariants that ran into the statement timeout.
  unfinished text[] not null default '{}'
);
create index audit_runs_open on newday.audit_runs (asked_at) where ended_at is null;

alter table newday.user_freezes
  add column audit_blocks smallint,
  add column audit_reason text,
  add column audit_since timestamptz,
  add column audit_until timestamptz,
  add constraint user_freezes_audit_range check (audit_blocks between 0 and 3),
  add constraint user_freezes_audit_whole check (
    (audit_blocks is null) = (audit_reason is null)
    and (audit_blocks is null) = (audit_since is null)
    and (audit_blocks is not null or audit_until is null)),
  add constraint user_freezes_audit_reason_length check (char_length(audit_reason) between 1 and 500);
do $$
declare
  before text := pg_get_functiondef('newday.erase_person'::regproc);
  after text := replace(before, 'operator_until = null', 'operator_until = null,
      audit_blocks = null, audit_reason = null, audit_since = null, audit_until = null');
begin
  if before = after then raise exception 'newday.erase_person has another text'; end if;
  execute after;
  before := pg_get_functiondef('newday.is_change_of'::regproc);
  after := replace(before, ''':operator'')', ''':operator'',
        ''user-freeze:'' || of_user || '':audit'')');
  if before = after then raise exception 'newday.is_change_of has another text'; end if;
  execute after;
end $$;

select newday.grant_roles();

-- Rows without a number are as many as there were; a new count need not look for them where there are none.
alter table newday.economy_progress add column has_history boolean not null default false;
update newday.economy_progress set has_history = history_id is not null or not history_done;

-- A range of the journal's index that is not summarized is read by every query. The vacuum daemon does it, where it
-- runs in time.
create function newday.summarize_journal() returns void
language sql security definer set search_path = pg_catalog as $$
  select brin_summarize_new_values('newday.transfers_sequence'::regclass)
$$;
revoke execute on function newday.summarize_journal from public;
do $$ begin
  if exists (select from pg_roles where rolname = 'newday_app') then
    grant execute on function newday.summarize_journal to newday_app;
  end if;
exception when insufficient_privilege then
  raise notice 'newday: this login cannot grant rights to the roles of New Day';
end $$;
