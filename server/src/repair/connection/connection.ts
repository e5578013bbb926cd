/**
 * The connections of a repair: direct, dedicated, pinned, and verified to be so.
 *
 * Every session setting that a guard relies on (lock_timeout, advisory locks) lives in one backend.
 * A pooler would silently apply our settings to another client. So the handshake must name the
 * backend's own process (docs/repair/facts.md 2.6).
 */
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  openDirectClient,
  type ConnectionTarget,
  type DirectClient,
} from "../../db/driver/direct-client.ts";
import { mapDatabaseError, sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError, type NewDayError } from "../../errors/errors.ts";
import { refusal, type RefusalReason } from "../../errors/refusals.ts";
import type { Message } from "../../lib/messages.ts";
import { queryIfAllowed } from "./optional-query.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** Interval of the server's check for our connection while one of our statements waits. */
const CLIENT_CHECK_INTERVAL = "100ms";
const FIRST_VERSION_WITH_CLIENT_CHECK = 140_000;
/**
 * A machine that died sends no FIN. The server probes a silent connection after 10 s and drops it
 * after three unanswered probes; its default of two hours would keep our locks too long.
 */
const KEEPALIVE =
  "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";
/**
 * Our COMMIT is answered when it is on this server's disk. Waiting for a standby would keep the
 * tables locked meanwhile, for ever when the standby is gone; the apply waits for the replay
 * afterwards, lock-free. Where clients skip the wait for the disk, we keep it: "done" must survive
 * a crash.
 */
const OWN_DISK = "set synchronous_commit = local";
/**
 * Each statement takes the locks that it needs. Under an operator's default of serializable a
 * second writer of the journal would get 40001.
 */
const READ_COMMITTED = "set default_transaction_isolation = 'read committed'";
/**
 * A query must not queue behind another session's exclusive lock; shorter than any
 * `deadlock_timeout`.
 */
const QUERY_LOCK_TIMEOUT_MS = 900;

/** The session name for other tools and the server's log. */
export function applicationName(purpose: string): string {
  return `newday-repair ${purpose}`;
}

/**
 * Opens a pinned connection: empty search path, UTC, row security raised as an error. Throws
 * `repair_usage` for a malformed URL, `repair_refused` for a rejection or a pooler,
 * `repair_blocked` for an unreachable server.
 */
export async function openRepairConnection(
  target: ConnectionTarget,
  purpose: string,
): Promise<DirectClient> {
  const client = await connect(target, purpose);
  try {
    await refusePooler(client);
    await pin(client);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Opens a connection for one piece of work and closes it, whatever happens. */
export async function withRepairConnection<T>(
  target: ConnectionTarget,
  purpose: string,
  work: (client: DirectClient) => Promise<T>,
): Promise<T> {
  const client = await openRepairConnection(target, purpose);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/**
 * Runs `work` in one REPEATABLE READ, READ ONLY transaction and rolls it back: it sees one moment,
 * cannot write, and waits for a lock at most `QUERY_LOCK_TIMEOUT_MS`. `queryRefused` explains its
 * 55P03.
 */
export async function readOnly<T>(client: DirectClient, work: () => Promise<T>): Promise<T> {
  await client.script(
    `begin isolation level repeatable read read only; set local lock_timeout = ${QUERY_LOCK_TIMEOUT_MS}`,
  );
  try {
    return await work();
  } finally {
    if (!client.isLost()) await client.query("rollback");
  }
}

async function connect(target: ConnectionTarget, purpose: string): Promise<DirectClient> {
  try {
    return await openDirectClient({
      target,
      applicationName: applicationName(purpose),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    });
  } catch (cause) {
    throw isNewDayError(cause) ? cause : connectionRefusal(cause);
  }
}

/** True when the connection broke under a statement, with or without a message of the server. */
export function isLostLine(error: unknown): boolean {
  const mapped = mapDatabaseError(error);
  return !isNewDayError(error) && isNewDayError(mapped) && mapped.code === "database_unavailable";
}

/** One clear line; the URL, which holds the password, is left out. */
function connectionRefusal(cause: unknown): NewDayError {
  const state = sqlStateOf(cause);
  const words = (cause instanceof Error ? cause.message : String(cause)).trim();
  if (state === "ERR_INVALID_URL" || /invalid url/i.test(words))
    return refusal("database_url_invalid", {}, { details: { option: "--database-url" }, cause });
  const ignored = words.includes(NO_PASSWORD) ? ignoredPasswordFile() : undefined;
  if (ignored)
    return refusal("password_file_ignored", ignored, { details: { connected: false }, cause });
  // A SQLSTATE of five characters in class 28 (authentication), 3D (missing database) or 08P01
  // (startup option refused) is an answer of a server; system errors such as ECONNREFUSED are its
  // absence.
  return refusal(
    reasonOf(state ?? "", words),
    { words },
    { details: { sqlState: state, connected: false }, cause },
  );
}

/** The driver's words for an absent password. */
const NO_PASSWORD = "password must be a string";
const OPEN_TO_OTHERS = 0o077;

/** The driver, as libpq does, ignores a password file that others may read; its message does not say so. */
function ignoredPasswordFile(): { path: string; mode: string } | undefined {
  const path = process.env["PGPASSFILE"] ?? join(homedir(), ".pgpass");
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & OPEN_TO_OTHERS) === 0) return undefined;
  return { path, mode: (mode & 0o777).toString(8).padStart(4, "0") };
}

/** PostgreSQL's own refusal, that of Azure and Supabase, and that of Neon. */
const TLS_REQUIRED =
  /no encryption$|SSL off$|SSL connection is required|connection is insecure \(try using/i;

/** PostgreSQL's words, the alerts with which a server ends the handshake, and a key that is not the certificate's. */
const CLIENT_CERTIFICATE =
  /client certificate|^certificate authentication failed|\balert (unknown ca|bad certificate|certificate)|key values mismatch/i;

/** Another attempt gets the same answer of a server; an absent server may answer later. */
function reasonOf(state: string, words: string): ConnectionReason {
  if (state === "ERR_TLS_CERT_ALTNAME_INVALID") return "certificate_of_other_host";
  if (CLIENT_CERTIFICATE.test(words)) return "client_certificate_refused";
  if (/^(CERT_|DEPTH_|ERR_OSSL|ERR_SSL|ERR_TLS|SELF_SIGNED|UNABLE_TO_)/.test(state))
    return "certificate_unverified";
  if (words.includes("does not support SSL")) return "tls_unsupported";
  if (state !== "" && TLS_REQUIRED.test(words)) return "tls_required";
  if (words.includes(NO_PASSWORD)) return "password_missing";
  return /^(28|3D|08P)/.test(state) ? "connection_refused" : "database_unreachable";
}

type ConnectionReason = Extract<
  RefusalReason,
  | "certificate_unverified"
  | "certificate_of_other_host"
  | "client_certificate_refused"
  | "tls_required"
  | "tls_unsupported"
  | "password_missing"
  | "connection_refused"
  | "database_unreachable"
>;

async function refusePooler(client: DirectClient): Promise<void> {
  const [row] = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  if (row?.pid === client.handshakePid) return;
  throw refusal(
    "pooler",
    {},
    { details: { finding: "B03", handshakePid: client.handshakePid, backendPid: row?.pid } },
  );
}

async function pin(client: DirectClient): Promise<void> {
  await client.script(
    "set search_path = ''; set timezone = 'UTC'; set row_security = off; " +
      "set lock_timeout = 0; set statement_timeout = 0; " +
      "set standard_conforming_strings = on; set quote_all_identifiers = off; " +
      "set client_min_messages = warning; set bytea_output = hex; set datestyle = 'ISO'; " +
      `set intervalstyle = 'postgres'; set extra_float_digits = 1; ${OWN_DISK}; ${READ_COMMITTED}; ${KEEPALIVE}`,
  );
  await queryIfAllowed(client, TIME_LIMITS, [], () => client.query(NO_TIME_LIMITS));
  await fireTriggers(client);
  const [row] = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  if ((row?.version ?? 0) >= FIRST_VERSION_WITH_CLIENT_CHECK) await checkForDeadClient(client);
}

/**
 * A database's or role's limit for its clients would end a plan or a snapshot in the middle.
 * Servers differ in the limits they know, so each is asked for its own.
 */
const NO_TIME_LIMITS = `
  select set_config(name, '0', false) from pg_catalog.pg_settings
   where name in ('idle_in_transaction_session_timeout', 'idle_session_timeout',
                  'transaction_timeout')`;

const TIME_LIMITS: Message = { en: "the time limits of idle sessions", zh: "空闲会话的时间限制" };

/** Under `replica` keys are unenforced and every behavioural probe would be green. */
async function fireTriggers(client: DirectClient): Promise<void> {
  await client
    .query(
      `select set_config('session_replication_role', 'origin', false)
        where current_setting('session_replication_role') <> 'origin'`,
    )
    .catch(() => undefined);
}

/** Some platforms cannot watch a socket and refuse the setting; the short waits bound us there. */
async function checkForDeadClient(client: DirectClient): Promise<void> {
  await client
    .query(`set client_connection_check_interval = '${CLIENT_CHECK_INTERVAL}'`)
    .catch(() => undefined);
}
