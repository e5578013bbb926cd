/**
 * The journal inside the repaired database: one append-only table, chained by hash.
 *
 * Each row carries the hash of the row before it, and a row has at most one successor: an edit, a
 * removal and a fork are all visible. The critical section writes its row with the same SQL, in the
 * same transaction as the change itself.
 */
import type { Queryable } from "../../db/database.ts";
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import { constraintOf } from "../../db/sql-state.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";

export const JOURNAL_TABLE = "newday.repair_events";
const NO_FORK = "repair_events_no_fork";
/** The predecessor of a chain's first row. */
export const GENESIS = "genesis";

const CREATE_JOURNAL = `
create schema if not exists newday;
create table if not exists ${JOURNAL_TABLE} (
  seq bigint generated always as identity constraint repair_events_pkey primary key,
  run_id text not null,
  at timestamptz not null,
  kind text not null,
  body text not null,
  previous_hash text not null constraint ${NO_FORK} unique,
  hash text not null constraint repair_events_hash_unique unique
);
create or replace function newday.repair_events_append_only() returns trigger
language plpgsql set search_path = '' as $body$
begin
  raise exception 'the journal of repairs is append-only' using errcode = 'integrity_constraint_violation';
end
$body$;
create or replace trigger repair_events_append_only
  before update or delete or truncate on ${JOURNAL_TABLE}
  for each statement execute function newday.repair_events_append_only();`;

/** PostgreSQL 13 lacks CREATE OR REPLACE TRIGGER. */
const CREATE_JOURNAL_13 = CREATE_JOURNAL.replace(
  "create or replace trigger",
  `drop trigger if exists repair_events_append_only on ${JOURNAL_TABLE};\ncreate trigger`,
);

/** Creates missing objects; needs CREATE on the database the first time. */
export function createJournalSql(versionNumber: number): string {
  return versionNumber < 140_000 ? CREATE_JOURNAL_13 : CREATE_JOURNAL;
}

/** Asks pg_catalog, which every role may read: a journal out of reach is still a journal. */
export async function journalExists(db: Queryable): Promise<boolean> {
  return (await readAccess(db)) !== undefined;
}

export interface JournalAccess {
  readonly owner: string;
  readonly role: string;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  /** True for the owner, its members and superusers. */
  readonly mayGrant: boolean;
}

/** The rights of this role on the journal; undefined without a journal. */
export async function readAccess(db: Queryable): Promise<JournalAccess | undefined> {
  const [row] = await db.query<JournalAccess>(
    `select pg_get_userbyid(c.relowner)::text as owner, current_user::text as role,
            has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT') as "mayRead",
            has_schema_privilege(n.oid, 'USAGE') and has_table_privilege(c.oid, 'SELECT')
              and has_table_privilege(c.oid, 'INSERT') as "mayWrite",
            pg_has_role(c.relowner, 'USAGE') and pg_has_role(n.nspowner, 'USAGE') as "mayGrant"
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'newday' and c.relname = 'repair_events'`,
  );
  return row;
}

export interface JournalRights {
  /** True when this role may write the journal, or create it. */
  readonly mayKeep: boolean;
  /** The role, and the statement that lets it keep one. */
  readonly role: string;
  readonly grant: string;
}

/** Whether this role may keep a journal here, and the grant that is missing. */
export async function journalRights(db: Queryable): Promise<JournalRights> {
  const access = await readAccess(db);
  const [row] = await db.query<{
    role: string;
    database: string;
    mayCreateSchema: boolean;
    mayUseSchema: boolean | null;
  }>(
    `select current_user::text as role, current_database()::text as database,
            has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema",
            (select has_schema_privilege(n.oid, 'CREATE') and has_schema_privilege(n.oid, 'USAGE')
               from pg_catalog.pg_namespace n where n.nspname = 'newday') as "mayUseSchema"`,
  );
  const { role = "", database = "", mayCreateSchema = false, mayUseSchema = null } = row ?? {};
  if (access) return { mayKeep: access.mayWrite, role, grant: grantJournalSql(role) };
  const name = quoteIdentifier(role);
  // PostgreSQL asks for the right on the database even where the schema exists.
  const grants = [
    ...(mayCreateSchema
      ? []
      : [`grant create on database ${quoteIdentifier(database)} to ${name};`]),
    ...(mayUseSchema === false ? [`grant usage, create on schema newday to ${name};`] : []),
  ];
  return { mayKeep: grants.length === 0, role, grant: grants.join(" ") };
}

/** Owners of the repairs' tables that may not yet write the journal or set rows aside beside it. */
export async function findOwnersWithoutJournal(
  db: Queryable,
  tables: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ owner: string }>(
    `select distinct r.rolname::text as owner
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_roles r on r.oid = c.relowner
      where c.relname::text = any($1::text[]) and c.relkind in ('r', 'p')
        and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'newday')
        and not (has_schema_privilege(r.oid, 'newday', 'USAGE')
             and has_schema_privilege(r.oid, 'newday', 'CREATE')
             and has_table_privilege(r.oid, '${JOURNAL_TABLE}', 'SELECT')
             and has_table_privilege(r.oid, '${JOURNAL_TABLE}', 'INSERT'))
      order by 1`,
    [tables],
  );
  return rows.map(({ owner }) => owner);
}

/**
 * Rights of a role that may alter the tables: to read and append, and to make the side tables of a
 * quarantine. The chain of hashes and the append-only trigger hold for it as for everybody.
 */
export function grantJournalSql(role: string): string {
  const name = quoteIdentifier(role);
  return `grant usage, create on schema newday to ${name}; grant select, insert on ${JOURNAL_TABLE} to ${name};`;
}

/** The text that a row's hash covers; `previous`, `at` and the others are SQL expressions. */
function hashSql(row: { previous: string; run: string; at: string; kind: string; body: string }) {
  const stamp = `to_char(${row.at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  const text = [row.previous, row.run, stamp, row.kind, row.body].join(" || E'\\n' || ");
  return `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
}

/** An INSERT that appends one row; the arguments are SQL expressions of type text. */
export function appendSql(run: string, kind: string, body: string): string {
  const hash = hashSql({ previous: "last.hash", run, at: "clock.at", kind, body });
  return `insert into ${JOURNAL_TABLE} (run_id, at, kind, body, previous_hash, hash)
  select ${run}, clock.at, ${kind}, ${body}, last.hash, ${hash}
    from (select clock_timestamp() as at) clock,
         (select coalesce((select e.hash from ${JOURNAL_TABLE} e order by e.seq desc limit 1),
                          '${GENESIS}') as hash) last`;
}

/** Another command appended behind the same row first. The remedy is to append again. */
export function isJournalRace(error: unknown): boolean {
  return constraintOf(error) === NO_FORK;
}

/** Each lost race is another command's row written; more in a row mean a fault. */
const MOST_RACES = 20;

/** Outside of a transaction: a row that lost a race for its place is written behind the winner's. */
export async function appendEvent(
  db: Queryable,
  runId: string,
  kind: string,
  body: string,
): Promise<string> {
  const sql = appendSql("$1::text", "$2::text", "$3::text");
  for (let races = 0; ; races++)
    try {
      const [row] = await db.query<{ hash: string }>(`${sql} returning hash`, [runId, kind, body]);
      return row?.hash ?? "";
    } catch (error) {
      if (!isJournalRace(error) || races >= MOST_RACES) throw error;
    }
}

export interface EventRow {
  readonly seq: number;
  readonly runId: string;
  readonly at: string;
  readonly kind: string;
  readonly body: string;
  readonly hash: string;
  /** False when this row or one before it was edited, removed or inserted. */
  readonly intact: boolean;
}

/**
 * The whole journal, oldest first, each row with the check of its own link of the chain.
 * Throws `repair_refused` with the grant that is missing when this role may not read it.
 */
export async function readEvents(db: Queryable): Promise<EventRow[]> {
  const access = await readAccess(db);
  if (access && !access.mayRead) throw unreadable(access);
  const hash = hashSql({
    previous: "e.previous_hash",
    run: "e.run_id",
    at: "e.at",
    kind: "e.kind",
    body: "e.body",
  });
  return db.query<EventRow>(
    `select e.seq::float8 as seq, e.run_id as "runId",
            to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
            e.kind, e.body, e.hash,
            e.hash = ${hash} and e.previous_hash = coalesce(
              lag(e.hash) over (order by e.seq), '${GENESIS}') as intact
       from ${JOURNAL_TABLE} e
      order by e.seq`,
  );
}

function unreadable({ owner, role }: JournalAccess): NewDayError {
  return refusal(
    "journal_unreadable",
    { journal: JOURNAL_TABLE, owner, role, grant: grantJournalSql(role) },
    { details: { journal: JOURNAL_TABLE, owner, role } },
  );
}
