/** The server's facts: its identity, its rights, and its limits for our session. */
import type { Queryable } from "../../db/database.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import type { Message } from "../../lib/messages.ts";

export interface ServerRow {
  readonly versionNumber: number;
  readonly version: string;
  readonly database: string;
  readonly databaseOid: number;
  readonly role: string;
  readonly superuser: boolean;
  readonly inRecovery: boolean;
  readonly readOnly: boolean;
  readonly backendPid: number;
  readonly backendStart: string;
  readonly address: string | null;
  readonly port: number;
  readonly deadlockTimeoutMs: number;
  /** Timeouts forced on this role or database; 0 means none. */
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly seesOtherSessions: boolean;
  readonly mayCreateSchema: boolean;
  readonly startedAt: string;
}

/** Facts of pg_settings and of views that a provider may refuse, by their names in `ServerRow`. */
const REFUSABLE = {
  startedAt: {
    sql: "select pg_postmaster_start_time()::text as value",
    subject: { en: "the start of the server", zh: "服务器启动时间" },
  },
  backendStart: {
    sql: `select backend_start::text as value from pg_catalog.pg_stat_activity
           where pid = pg_backend_pid()`,
    subject: { en: "the start of this session", zh: "本会话的开始时间" },
  },
  address: {
    sql: "select host(inet_server_addr()) as value",
    subject: { en: "the address of the server", zh: "服务器地址" },
  },
  inRecovery: {
    sql: "select pg_is_in_recovery()::text as value",
    subject: { en: "whether this server is a standby", zh: "该服务器是否为备库" },
  },
  deadlockTimeoutMs: {
    sql: `select setting as value from pg_catalog.pg_settings where name = 'deadlock_timeout'`,
    subject: { en: "deadlock_timeout", zh: "deadlock_timeout" },
  },
  lockTimeoutMs: {
    sql: `select reset_val as value from pg_catalog.pg_settings where name = 'lock_timeout'`,
    subject: { en: "the role's lock_timeout", zh: "角色的 lock_timeout" },
  },
  statementTimeoutMs: {
    sql: `select reset_val as value from pg_catalog.pg_settings where name = 'statement_timeout'`,
    subject: { en: "the role's statement_timeout", zh: "角色的 statement_timeout" },
  },
  superuser: {
    sql: "select rolsuper::text as value from pg_catalog.pg_roles where rolname = current_user",
    subject: { en: "whether the role is a superuser", zh: "角色是否为超级用户" },
  },
} as const;

/** PostgreSQL's default, for a server that hides the setting. */
const DEFAULT_DEADLOCK_TIMEOUT_MS = 1_000;

type RequiredServerRow = Omit<ServerRow, keyof typeof REFUSABLE>;

/** Reads the server's facts; those that a provider refuses get PostgreSQL's default. */
export async function readServer(db: Queryable): Promise<ServerRow> {
  const [row] = await db.query<RequiredServerRow>(
    `select current_setting('server_version_num')::int as "versionNumber",
            current_setting('server_version') as version,
            current_database()::text as database,
            (select oid::int8::float8 from pg_catalog.pg_database
              where datname = current_database()) as "databaseOid",
            current_user::text as role,
            current_setting('default_transaction_read_only') = 'on' as "readOnly",
            pg_backend_pid() as "backendPid",
            current_setting('port')::int as port,
            pg_has_role('pg_read_all_stats', 'USAGE') as "seesOtherSessions",
            has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema"`,
  );
  if (!row) throw new Error("the server did not describe itself");
  return {
    ...row,
    startedAt: (await readFact(db, "startedAt")) ?? "",
    backendStart: (await readFact(db, "backendStart")) ?? "",
    address: await readFact(db, "address"),
    inRecovery: (await readFact(db, "inRecovery")) === "true",
    superuser: (await readFact(db, "superuser")) === "true",
    deadlockTimeoutMs: Number(
      (await readFact(db, "deadlockTimeoutMs")) ?? DEFAULT_DEADLOCK_TIMEOUT_MS,
    ),
    lockTimeoutMs: Number((await readFact(db, "lockTimeoutMs")) ?? 0),
    statementTimeoutMs: Number((await readFact(db, "statementTimeoutMs")) ?? 0),
  };
}

async function readFact(db: Queryable, name: keyof typeof REFUSABLE): Promise<string | null> {
  const { sql, subject } = REFUSABLE[name];
  const [row] = await queryIfAllowed(db, subject, [], () =>
    db.query<{ value: string | null }>(sql),
  );
  return row?.value ?? null;
}

export interface ClusterIdentity {
  readonly systemIdentifier: string;
  /** Undefined when the server refuses the query. */
  readonly timeline: number | undefined;
}

/** The cluster's own identity; undefined when a provider has revoked the functions. */
export async function readClusterIdentity(db: Queryable): Promise<ClusterIdentity | undefined> {
  const identity = await queryIfAllowed(db, CLUSTER, [], () =>
    db.query<Pick<ClusterIdentity, "systemIdentifier">>(
      `select system_identifier::text as "systemIdentifier" from pg_control_system()`,
    ),
  );
  const systemIdentifier = identity[0]?.systemIdentifier;
  if (systemIdentifier === undefined) return undefined;
  return { systemIdentifier, timeline: await readTimeline(db) };
}

const CLUSTER: Message = { en: "the identity of the cluster", zh: "集群标识" };
const TIMELINE: Message = { en: "the timeline", zh: "时间线" };

async function readTimeline(db: Queryable): Promise<number | undefined> {
  // From the name of the log segment: the control file learns of a promotion only at a checkpoint.
  const inRecovery = (await readFact(db, "inRecovery")) === "true";
  const sql = inRecovery
    ? "select timeline_id as timeline from pg_control_checkpoint()"
    : "select ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int as timeline";
  const [row] = await queryIfAllowed(db, TIMELINE, [], () => db.query<{ timeline: number }>(sql));
  return row?.timeline;
}

const POSITION: Message = { en: "the position in the WAL", zh: "WAL 位置" };

/** Every commit so far lies before this position; undefined when the server refuses the query. */
export async function readWalPosition(db: Queryable): Promise<string | undefined> {
  return queryIfAllowed(db, POSITION, undefined, async () => {
    const [recovery] = await db.query<{ on: boolean }>(`select pg_is_in_recovery() as "on"`);
    // On a standby, which may feed others, the position is the received one.
    const position = recovery?.on ? "pg_last_wal_receive_lsn()" : "pg_current_wal_lsn()";
    const [row] = await db.query<{ lsn: string }>(`select ${position}::text as lsn`);
    return row?.lsn;
  });
}

/** The environment name in the database: `alter database x set newday.environment = 'y'`. */
export async function readMarker(db: Queryable): Promise<string | undefined> {
  const [row] = await db.query<{ environment: string | null }>(
    "select nullif(current_setting('newday.environment', true), '') as environment",
  );
  return row?.environment ?? undefined;
}

/** `pg_xact_status`: committed, aborted, in progress, or null for one too long ago. */
export async function readTransactionStatus(
  db: Queryable,
  transactionId: string,
): Promise<string | null> {
  const [row] = await db.query<{ status: string | null }>(
    "select pg_xact_status($1::text::xid8) as status",
    [transactionId],
  );
  return row?.status ?? null;
}

const BACKENDS: Message = { en: "whether a session is alive", zh: "会话是否仍存活" };

/** True while the backend with this pid *and* this start is alive: a pid alone may be reused. */
export async function isBackendAlive(
  db: Queryable,
  backend: { readonly pid: number; readonly start: string | null },
): Promise<boolean> {
  const [row] = await queryIfAllowed(db, BACKENDS, [], () =>
    db.query<{ alive: boolean }>(
      `select exists (select from pg_catalog.pg_stat_activity
                     where pid = $1 and backend_start = $2::timestamptz) as alive`,
      [backend.pid, backend.start],
    ),
  );
  return row?.alive ?? false;
}

const DUMPABLE: Message = { en: "tables that the role may not dump", zh: "角色无权备份的表" };

/**
 * Tables and sequences that pg_dump could not read: it locks every table, even those of which it
 * dumps the structure only. Members of an extension are left to the extension.
 */
export async function findUndumpable(db: Queryable): Promise<string[]> {
  const rows = await queryIfAllowed(db, DUMPABLE, [], () =>
    db.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
         from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'S') and c.relpersistence <> 't'
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and not (has_table_privilege(c.oid, 'SELECT') and has_schema_privilege(n.oid, 'USAGE'))
          and not exists (select from pg_catalog.pg_depend d
                           where d.classid = 'pg_catalog.pg_class'::regclass
                             and d.objid = c.oid and d.deptype = 'e')
        order by 1`,
    ),
  );
  return rows.map(({ name }) => name);
}

const BYPASS: Message = { en: "whether the role passes row security", zh: "角色是否绕过行级安全" };

/** Undefined when the server refuses the query. */
export async function passesRowSecurity(db: Queryable): Promise<boolean | undefined> {
  const [row] = await queryIfAllowed(db, BYPASS, [], () =>
    db.query<{ passes: boolean }>(
      `select rolsuper or rolbypassrls as passes from pg_catalog.pg_roles
        where rolname = current_user`,
    ),
  );
  return row?.passes;
}
