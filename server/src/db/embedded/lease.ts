/**
 * The lease on an embedded cluster: a session advisory lock on a connection of its own. PostgreSQL
 * releases it the moment the owning process is gone. So a running server without a lease is an
 * orphan and may be taken over, and one with a lease has an owner.
 */
import { NewDayError } from "../../errors/errors.ts";
import type { Connection } from "../database.ts";
import { openDatabase } from "../driver/postgres.ts";

/** Arbitrary but fixed: the same number in every version, or two versions would not exclude. */
const LEASE_LOCK = 7_301_027;
/** The database of the lock: it exists before New Day's own. */
const MAINTENANCE_DATABASE = "postgres";
const CONNECT_TIMEOUT_MS = 5_000;
const OWNER_NAME = /^newday (owner|command), process (\d+)$/;

/** A server keeps its folder; a command returns it soon, so others wait for it. */
export type OwnerRole = "owner" | "command";

export interface Holder {
  readonly role: OwnerRole;
  readonly pid: number;
}

export interface Lease {
  readonly connection: Connection;
  readonly serverVersion: string;
}

export type LeaseAttempt =
  | { readonly outcome: "owned"; readonly lease: Lease }
  /** The socket is unreachable, or the server is starting or stopping. */
  | { readonly outcome: "silent" }
  | { readonly outcome: "held"; readonly holder: Holder | undefined };

/** The holder of the lease on a socket's server, and that server's cluster. */
export type LeaseView =
  | { readonly outcome: "silent" }
  | { readonly outcome: "free"; readonly cluster: bigint }
  | {
      readonly outcome: "held";
      readonly holder: Holder | undefined;
      readonly cluster: bigint;
    };

interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** One attempt to become the owner of the listening server. */
export async function tryLease(
  address: ServerAddress,
  user: string,
  role: OwnerRole,
): Promise<LeaseAttempt> {
  const connection = await connectIfThere(
    { ...address, user, database: MAINTENANCE_DATABASE },
    `newday ${role}, process ${process.pid}`,
  );
  if (!connection) return { outcome: "silent" };
  return orSilent(connection, async () => {
    const [row] = await connection.query<{ owned: boolean; version: string }>(
      "select pg_try_advisory_lock($1) as owned, current_setting('server_version') as version",
      [LEASE_LOCK],
    );
    if (row?.owned) return { outcome: "owned", lease: { connection, serverVersion: row.version } };
    const holder = await findHolder(connection);
    await connection.close();
    return { outcome: "held", holder };
  });
}

/**
 * Reads the holder of the lease and leaves the lock alone, so that a starter's own attempt
 * succeeds.
 */
export async function inspectLease(address: ServerAddress, user: string): Promise<LeaseView> {
  const connection = await connectIfThere(
    { ...address, user, database: MAINTENANCE_DATABASE },
    `newday inspection, process ${process.pid}`,
  );
  if (!connection) return { outcome: "silent" };
  return orSilent(connection, async () => {
    const [row] = await connection.query<{ cluster: bigint; held: boolean }>(
      `select system_identifier as cluster, exists (
                select from pg_locks
                where locktype = 'advisory' and granted and classid = 0
                  and objid = $1::bigint::oid) as held
       from pg_control_system()`,
      [LEASE_LOCK],
    );
    const cluster = row?.cluster ?? 0n;
    const holder = row?.held ? await findHolder(connection) : undefined;
    await connection.close();
    return row?.held ? { outcome: "held", holder, cluster } : { outcome: "free", cluster };
  });
}

/** A server that ends while it is asked counts as silent. */
async function orSilent<T>(
  connection: Connection,
  work: () => Promise<T>,
): Promise<T | { readonly outcome: "silent" }> {
  try {
    return await work();
  } catch (error) {
    await connection.close().catch(() => undefined);
    if (isUnavailable(error)) return { outcome: "silent" };
    throw error;
  }
}

async function findHolder(connection: Connection): Promise<Holder | undefined> {
  const [row] = await connection.query<{ name: string }>(
    `select a.application_name as name
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1::bigint::oid`,
    [LEASE_LOCK],
  );
  const [, role, pid] = OWNER_NAME.exec(row?.name ?? "") ?? [];
  if (role !== "owner" && role !== "command") return undefined;
  return { role, pid: Number(pid) };
}

async function connectIfThere(
  connection: { host: string; port: number; user: string; database: string },
  applicationName: string,
): Promise<Connection | undefined> {
  const database = openDatabase({
    connection,
    applicationName,
    poolSize: 1,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: 0,
  });
  try {
    return await database.connect(applicationName);
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof NewDayError && error.code === "database_unavailable";
}
