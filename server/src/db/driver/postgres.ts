/** The seam over `pg`: a pool for ordinary work, dedicated pipelining clients for the engine. */
import type { Duplex } from "node:stream";
import pg from "pg";
import { parseDatabaseUrl } from "../database-url.ts";
import type {
  Connection,
  Database,
  Queryable,
  Statement,
  Transaction,
  TransactionOptions,
} from "../database.ts";
import { inSpan } from "../../lib/tracing.ts";
import { createBatchSender } from "../pipeline/atomic-batch.ts";
import { isUnanswered, mapDatabaseError } from "../sql-state.ts";

const INT8_OID = 20;
/** Of a statement in a trace: enough to find it. */
const STATEMENT_TEXT_MAX = 200;

/** One object for all zeros: most columns of cached rows are zero, and each bigint is an object in memory. */
export function parseInt8(text: string): bigint {
  return text === "0" ? 0n : BigInt(text);
}

/** Money is bigint end to end: an int8 arrives exact. */
export const typeParsers = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === INT8_OID && format !== "binary" ? parseInt8 : pg.types.getTypeParser(oid, format),
} as pg.CustomTypesConfig;

export interface DatabaseOptions {
  /** A libpq URL, or the folder of a Unix socket with user and database. */
  readonly connection: string | { host: string; port: number; user: string; database: string };
  readonly applicationName: string;
  /** Backends that the pool may open at once. */
  readonly poolSize: number;
  /** How long a caller waits for a backend before `database_unavailable`. */
  readonly connectTimeoutMs: number;
  /** Ceiling for every ordinary statement, so that each request ends. */
  readonly statementTimeoutMs: number;
  /** Roles that the sessions take at their start: those of the pool, and dedicated connections. */
  readonly roles?: { readonly pool: string; readonly dedicated: string };
}

/**
 * Every statement above this seam is written for read committed and takes the locks that it needs. An
 * operator's `default_transaction_isolation = serializable` would answer many at once with 40001.
 */
const READ_COMMITTED = "set default_transaction_isolation = 'read committed'";

/**
 * A success means durable (docs/ledger.md, 1): where the operator's default answers a commit before
 * it is on disk, ours wait. Stricter settings, such as waiting for a standby, stay.
 */
const DURABLE =
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

/** The driver reads dates in ISO only, and writes arrays with NULL in them. */
const TEXT_FORMS = "set datestyle = 'ISO'; set array_nulls = on";

const SESSION_RULES = `${READ_COMMITTED}; ${TEXT_FORMS}; ${DURABLE}`;

/** Truthy for the driver, which would otherwise take PGOPTIONS; no option for the server. */
export const NO_OPTIONS = " ";

/** The server ends a statement at its timeout and says so; a halted server says nothing. */
const ANSWER_SLACK_MS = 1_000;

/** Undefined waits without end, like a statement without a timeout. */
function answerTimeoutMs(statementTimeoutMs: number): number | undefined {
  return statementTimeoutMs > 0 ? statementTimeoutMs + ANSWER_SLACK_MS : undefined;
}

/**
 * Connects with the first query. An unreachable server fails that query, while the constructor
 * always succeeds.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...clientConfig(options, options.applicationName, options.roles?.pool),
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    // The pool waits for it before it hands a new connection out.
    verify: (client, done) => client.query(SESSION_RULES, (error) => done(error)),
  });
  // The query that meets a lost server reports it. The idle client's event goes to the pool; the
  // client of a transaction emits one itself, and an unhandled event would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const timeoutMs = answerTimeoutMs(options.statementTimeoutMs);
  return {
    query: (statement, values) => run(pool, statement, values, timeoutMs),
    transaction: (work, transactionOptions) =>
      withClient(pool, work, timeoutMs, transactionOptions),
    poolCounts: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    connect: (applicationName) => connect(options, applicationName),
    close: () => pool.end(),
  };
}

function clientConfig(
  { connection }: DatabaseOptions,
  applicationName: string,
  role: string | undefined,
): pg.ClientConfig {
  const common = { application_name: applicationName, types: typeParsers, keepAlive: true };
  // Our own server: PGSSLMODE and PGOPTIONS are meant for others.
  if (typeof connection !== "string")
    return { ...connection, ...common, ssl: false, options: role ? takingRole(role) : NO_OPTIONS };
  return { connectionString: role ? urlTakingRole(connection, role) : connection, ...common };
}

/** At the start of a session: costs no round trip and survives RESET. */
function takingRole(role: string): string {
  return `-c role=${role}`;
}

/** The URL wins over other settings, so its options are kept. */
function urlTakingRole(text: string, role: string): string {
  const url = parseDatabaseUrl(text);
  const given = url.searchParams.get("options");
  url.searchParams.set("options", given ? `${given} ${takingRole(role)}` : takingRole(role));
  return url.href;
}

/** Texts have placeholders; values stay out of traces. */
function statementTextOf({ name, text }: Statement): string {
  return name ?? text.slice(0, STATEMENT_TEXT_MAX);
}

async function run<R extends object>(
  client: pg.Pool | pg.ClientBase,
  statement: string | Statement,
  values: readonly unknown[] = [],
  timeoutMs?: number,
): Promise<R[]> {
  const config = typeof statement === "string" ? { text: statement } : statement;
  const bound = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
  try {
    const result = await inSpan(
      "newday.statement",
      () => ({ "db.system.name": "postgresql", "db.query.text": statementTextOf(config) }),
      () => client.query({ ...config, ...bound, values: [...values] }),
    );
    return result.rows as R[];
  } catch (error) {
    throw mapDatabaseError(error);
  }
}

async function withClient<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  timeoutMs: number | undefined,
  options?: TransactionOptions,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw mapDatabaseError(error);
  });
  const health = { broken: false, timeoutMs };
  try {
    return await inTransaction(client, work, options, health);
  } finally {
    client.release(health.broken);
  }
}

/** BEGIN, `work`, COMMIT on one client; ROLLBACK when `work` rejects. */
async function inTransaction<T>(
  client: pg.ClientBase,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
  health: { broken: boolean; readonly timeoutMs?: number | undefined } = { broken: false },
): Promise<T> {
  const { statementTimeoutMs: own } = options;
  const timeoutMs = own === undefined ? health.timeoutMs : answerTimeoutMs(own);
  const tx: Transaction = {
    inTransaction: true,
    query: (statement, values) => run(client, statement, values, timeoutMs),
  };
  try {
    await tx.query(beginText(options));
    for (const setting of settingsOf(options)) await tx.query(setting);
    const result = await work(tx);
    await commit(client, timeoutMs);
    return result;
  } catch (error) {
    // A connection that fails to roll back has lost its transaction; it is closed, and so is a silent one.
    if (isUnanswered(error)) health.broken = true;
    else await tx.query("rollback").catch(() => (health.broken = true));
    throw error;
  }
}

/** PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and success; this throws. */
async function commit(client: pg.ClientBase, timeoutMs: number | undefined): Promise<void> {
  const bound = timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
  const statement = { text: "commit", ...bound };
  const { command } = await client.query(statement).catch((error: unknown) => {
    throw mapDatabaseError(error);
  });
  if (command !== "COMMIT") throw new Error("the transaction was rolled back instead of committed");
}

function beginText(options: TransactionOptions): string {
  const isolation = options.isolation ? ` isolation level ${options.isolation}` : "";
  return `begin${isolation}${options.readOnly ? " read only" : ""}`;
}

function settingsOf(options: TransactionOptions): string[] {
  const settings: string[] = [];
  if (options.lockTimeoutMs !== undefined)
    settings.push(`set local lock_timeout = ${Math.trunc(options.lockTimeoutMs)}`);
  if (options.statementTimeoutMs !== undefined)
    settings.push(`set local statement_timeout = ${Math.trunc(options.statementTimeoutMs)}`);
  return settings;
}

async function connect(options: DatabaseOptions, applicationName: string): Promise<Connection> {
  const client = new pg.Client({
    ...clientConfig(options, applicationName, options.roles?.dedicated),
    connectionTimeoutMillis: options.connectTimeoutMs,
    // `pg` pipelines only on a client of its own (docs/performance.md 5, trap 6).
    pipeline: true,
  } as pg.ClientConfig);
  client.on("error", () => undefined); // reported by the query that meets it
  try {
    await client.connect();
    await client.query(SESSION_RULES);
  } catch (error) {
    throw mapDatabaseError(error);
  }
  const gather = gatherTurn(client);
  const sendBatch = createBatchSender(client, typeParsers);
  const queryable: Queryable = {
    query: (statement, values) => {
      gather();
      return run(client, statement, values);
    },
  };
  return {
    ...queryable,
    async batch(statements) {
      gather();
      try {
        return await sendBatch(statements);
      } catch (error) {
        throw mapDatabaseError(error);
      }
    },
    async listen(channel, { heard, lost }) {
      client.on("notification", (told) => {
        if (told.channel === channel) heard(told.payload ?? "");
      });
      client.once("end", lost);
      await queryable.query(`listen ${pg.escapeIdentifier(channel)}`);
    },
    transaction: (work, transactionOptions) => inTransaction(client, work, transactionOptions),
    close: () => client.end(),
  };
}

/** One system call sends everything of one turn of the event loop; each call costs like a query. */
function gatherTurn(client: pg.Client): () => void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  let gathering = false;
  return () => {
    if (gathering) return;
    gathering = true;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
}
