/** Sessions that block an exclusive lock, including those that `pg_blocking_pids` omits. */
import type { Queryable } from "../../db/database.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import { refreshStatistics } from "../connection/refresh-statistics.ts";
import type { Message } from "../../lib/messages.ts";
import { OLD_BLOCKER_MS } from "./lock-timeout-backoff.ts";
import type { ExclusiveMode } from "./locked-work.ts";

export interface Blocker {
  /** Null for a prepared transaction: it has to be committed or rolled back. */
  readonly pid: number | null;
  readonly backendStart: string | null;
  readonly application: string | null;
  readonly role: string | null;
  readonly state: string | null;
  /** Virtual id of the transaction: a pooled session begins many with the same pid. */
  readonly transaction?: string;
  /** Null when our role may not see other sessions: the age is unknown. */
  readonly ageMs: number | null;
  /** The time since our first query that met this transaction. */
  readonly seenForMs?: number;
  readonly relation: string;
  readonly mode: string;
  /** Null when hidden; literals are removed, because they hold people's data. */
  readonly query: string | null;
  readonly kind: "session" | "autovacuum" | "prepared" | "dump";
  readonly preparedName: string | null;
  readonly wraparound: boolean;
}

/** Longest part of a blocker's query that is shown. */
const QUERY_LENGTH = 120;

/** Strongest first: a session's strongest lock shows its kind of work. */
const LOCK_MODES = [
  "AccessExclusiveLock",
  "ExclusiveLock",
  "ShareRowExclusiveLock",
  "ShareLock",
  "ShareUpdateExclusiveLock",
  "RowExclusiveLock",
  "RowShareLock",
  "AccessShareLock",
];
/**
 * Ordinary statements take weaker ones: a holder of one of these changes or maintains the table.
 */
const MAINTENANCE_MODES: ReadonlySet<string> = new Set(LOCK_MODES.slice(0, 5));

/** SHARE ROW EXCLUSIVE passes readers: the modes that do not conflict with it. */
const READING_MODES: ReadonlySet<string> = new Set(["RowShareLock", "AccessShareLock"]);

export function conflictsWith(mode: ExclusiveMode, holder: Pick<Blocker, "mode">): boolean {
  return mode === "access exclusive" || !READING_MODES.has(holder.mode);
}

export function isMaintenance({ kind, mode }: Pick<Blocker, "kind" | "mode">): boolean {
  return kind === "session" && MAINTENANCE_MODES.has(mode);
}

/** True for a holder that outlasts an attempt. */
export function isLongStanding({ kind, wraparound, ageMs, seenForMs = 0 }: Blocker): boolean {
  if (kind === "prepared" || wraparound) return true;
  return kind !== "autovacuum" && (ageMs ?? seenForMs) >= OLD_BLOCKER_MS;
}

/**
 * The first holder that is in the way. A request of milliseconds is innocent: the next query meets
 * another one.
 */
export function findInTheWay(blockers: readonly Blocker[]): Blocker | undefined {
  return blockers.find(
    (blocker) => isLongStanding(blocker) || isMaintenance(blocker) || blocker.kind === "autovacuum",
  );
}

/**
 * Adds the time for which each transaction has been seen, which is all that a role without the
 * right to see other sessions knows of its age. `seen` holds the first sight of each.
 */
export function withSightings(
  blockers: readonly Blocker[],
  seen: Map<string, number>,
  now: number,
): Blocker[] {
  const present = new Set(blockers.map(({ transaction = "" }) => transaction));
  for (const transaction of seen.keys()) if (!present.has(transaction)) seen.delete(transaction);
  return blockers.map((blocker) => {
    const { transaction = "" } = blocker;
    const first = seen.get(transaction) ?? now;
    seen.set(transaction, first);
    return { ...blocker, seenForMs: now - first };
  });
}

interface BlockerRow extends Omit<Blocker, "kind" | "query" | "wraparound"> {
  readonly backendType: string | null;
  readonly rawQuery: string | null;
  /**
   * `unseen`: it began or ended between the queries of locks and sessions. `nobody`: attached to
   * this database without a user, an autovacuum worker also for a role with fewer rights.
   */
  readonly session: "user" | "nobody" | "unseen" | "prepared";
}

/** Locks and sessions are two lists, read in turn; the number of comparisons. */
const QUERIES_MAX = 3;

/**
 * Holders of any lock on these relations (every mode conflicts with ACCESS EXCLUSIVE), oldest
 * first, `ourPids` left out.
 */
export async function findBlockers(
  db: Queryable,
  relations: readonly number[],
  ourPids: readonly number[],
): Promise<Blocker[]> {
  for (let query = 1; ; query++) {
    const rows = await readHolders(db, relations, ourPids);
    if (query === QUERIES_MAX || !rows.some(({ session }) => session === "unseen"))
      return rows.map(describe).toSorted((a, b) => (b.ageMs ?? 0) - (a.ageMs ?? 0));
    await refreshStatistics(db);
  }
}

const HOLDERS: Message = {
  en: "sessions that hold a lock on the tables",
  zh: "持有这些表的锁的会话",
};

function readHolders(
  db: Queryable,
  relations: readonly number[],
  ourPids: readonly number[],
): Promise<BlockerRow[]> {
  return queryIfAllowed(db, HOLDERS, [], () =>
    db.query<BlockerRow>(
      `select distinct on (coalesce(a.pid::text, l.virtualtransaction))
            l.pid, l.virtualtransaction as transaction, a.backend_start::text as "backendStart",
            a.application_name as application,
            coalesce(a.usename, p.owner)::text as role, a.state,
            (extract(epoch from clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::float8
              as "ageMs",
            l.relation::regclass::text as relation, l.mode,
            a.backend_type as "backendType", a.query as "rawQuery", p.gid as "preparedName",
            case when l.pid is null then 'prepared' when a.pid is null then 'unseen'
                 when a.usesysid is null then 'nobody' else 'user' end as session
       from pg_catalog.pg_locks l
       left join pg_catalog.pg_stat_activity a on a.pid = l.pid
       -- A prepared transaction has no session; the lock on its own number tells which one it is.
       left join pg_catalog.pg_locks own
         on l.pid is null and own.pid is null and own.locktype = 'transactionid'
        and own.virtualtransaction = l.virtualtransaction
       left join pg_catalog.pg_prepared_xacts p on p.transaction = own.transactionid
      where l.locktype = 'relation' and l.granted
        and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
        and l.relation = any($1::oid[])
        and coalesce(l.pid, 0) <> all($2::int[])
      order by coalesce(a.pid::text, l.virtualtransaction), array_position($3::text[], l.mode)`,
      [relations, ourPids, LOCK_MODES],
    ),
  );
}

function describe({ backendType, rawQuery, session, ...row }: BlockerRow): Blocker {
  const autovacuum = backendType === "autovacuum worker" || session === "nobody";
  const dump = /^(pg_dump|newday-repair backup)/.test(row.application ?? "");
  const kind =
    row.pid === null ? "prepared" : autovacuum ? "autovacuum" : dump ? "dump" : "session";
  const hidden = rawQuery === null || rawQuery === "<insufficient privilege>";
  return {
    ...row,
    kind,
    query: hidden ? null : redactQuery(rawQuery),
    wraparound: autovacuum && (rawQuery ?? "").includes("to prevent wraparound"),
  };
}

/** Removes literals and numbers: a query may hold names, balances, tokens. */
export function redactQuery(query: string): string {
  const bare = query
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "'…'")
    .replaceAll(/e?'(?:[^'\\]|''|\\.)*'?/gi, "'…'")
    .replaceAll(/(?<![\w$"])\d+(?:\.\d+)?/g, "…")
    .replaceAll(/\s+/g, " ")
    .trim();
  return bare.length > QUERY_LENGTH ? `${bare.slice(0, QUERY_LENGTH)}…` : bare;
}
