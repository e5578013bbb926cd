/** The server's facts: its identity, its rights, and its limits for our session. */
import type { Queryable } from "../../db/database.ts";

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

export async function readServer(db: Queryable): Promise<ServerRow> {
  const [row] = await db.query<ServerRow>(
    `select current_setting('server_version_num')::int as "versionNumber",
            current_setting('server_version') as version,
            current_database()::text as database,
            (select oid::int8::float8 from pg_catalog.pg_database
              where datname = current_database()) as "databaseOid",
            current_user::text as role,
            (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as superuser,
            pg_is_in_recovery() as "inRecovery",
            current_setting('default_transaction_read_only') = 'on' as "readOnly",
            pg_backend_pid() as "backendPid",
            (select backend_start::text from pg_catalog.pg_stat_activity
              where pid = pg_backend_pid()) as "backendStart",
            host(inet_server_addr()) as address, current_setting('port')::int as port,
            (select setting::int from pg_catalog.pg_settings where name = 'deadlock_timeout')
              as "deadlockTimeoutMs",
            (select reset_val::int from pg_catalog.pg_settings where name = 'lock_timeout')
              as "lockTimeoutMs",
            (select reset_val::int from pg_catalog.pg_settings where name = 'statement_timeout')
              as "statementTimeoutMs",
            pg_has_role('pg_read_all_stats', 'USAGE') as "seesOtherSessions",
            has_database_privilege(current_database(), 'CREATE') as "mayCreateSchema",
            pg_postmaster_start_time()::text as "startedAt"`,
  );
  if (!row) throw new Error("the server did not describe itself");
  return row;
}

export interface ClusterIdentity {
  readonly systemIdentifier: string;
  readonly timeline: number;
}

/** The cluster's own identity; undefined when a provider has revoked the function. */
export async function readClusterIdentity(db: Queryable): Promise<ClusterIdentity | undefined> {
  const [right] = await db.query<{ allowed: boolean }>(
    "select has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE') as allowed",
  );
  if (!right?.allowed) return undefined;
  // From the name of the log segment: the control file learns of a promotion only at a checkpoint.
  const [row] = await db.query<ClusterIdentity>(
    `select s.system_identifier::text as "systemIdentifier",
            case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
                 else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
            end as timeline
       from pg_control_system() s`,
  );
  return row;
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

/** True while the backend with this pid *and* this start is alive: a pid alone may be reused. */
export async function isBackendAlive(
  db: Queryable,
  backend: { readonly pid: number; readonly start: string },
): Promise<boolean> {
  const [row] = await db.query<{ alive: boolean }>(
    `select exists (select from pg_catalog.pg_stat_activity
                     where pid = $1 and backend_start = $2::timestamptz) as alive`,
    [backend.pid, backend.start],
  );
  return row?.alive ?? false;
}
