/** Opens the database of this process: the one that DATABASE_URL names, or the embedded one. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config.ts";
import { parseDatabaseUrl } from "../db/database-url.ts";
import type { Database } from "../db/database.ts";
import {
  findRunningEmbedded,
  openEmbedded,
  type EmbeddedOptions,
} from "../db/embedded/open-embedded.ts";
import { openDatabase, type DatabaseOptions } from "../db/driver/postgres.ts";
import { SQL_STATE, sqlStateOf } from "../db/sql-state.ts";
import { isNewDayError, NewDayError } from "../errors/errors.ts";
import { fillMessage, type Message } from "../lib/messages.ts";

/** Our SQL is written for 15; older servers lack what it uses. */
const SERVER_VERSION_MIN = 150_000;
/** Two cores answer fastest with few backends; the engine opens its own beside these (measured). */
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** Clients give up after 10 s (docs/contract.md 1); a statement must be over before that. */
const STATEMENT_TIMEOUT_MS = 8_000;
/** Creating a database takes a second, on a busy machine ten. */
const FIRST_START_MS = 30_000;
const POLL_MS = 100;
/** Nothing of ours takes longer after the last request. */
const CLOSE_TIMEOUT_MS = 3_000;

const PLACES = {
  embedded: { en: "embedded PostgreSQL 18 in {folder}", zh: "内嵌 PostgreSQL 18，位于 {folder}" },
  joined: {
    en: "embedded PostgreSQL of the running server in {folder}",
    zh: "运行中的服务器的内嵌 PostgreSQL，位于 {folder}",
  },
  external: { en: "PostgreSQL at {place}", zh: "PostgreSQL，位于 {place}" },
} as const satisfies Record<string, Message>;

export interface Store {
  readonly db: Database;
  readonly connection: DatabaseOptions["connection"];
  /** One line for people: kind and address of the database, password left out. */
  readonly description: Message;
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Errors: those of `openEmbedded`, `database_unavailable`, `database_too_old`. */
export async function openStore(config: Config, options: EmbeddedOptions = {}): Promise<Store> {
  return config.databaseUrl === undefined
    ? openEmbeddedStore(config.dataDir, options)
    : openRealStore(config.databaseUrl);
}

/**
 * As `openStore`, for commands: it joins the embedded database of a running server as a client, and a
 * missing database stays missing. Errors: as `openStore`.
 */
export async function openOrJoinStore(config: Config): Promise<Store> {
  try {
    return await openStore(config, { role: "command" });
  } catch (error) {
    if (!isNewDayError(error) || error.code !== "data_folder_in_use") throw error;
    const connection = await findRunningEmbedded(config.dataDir);
    if (!connection) throw error;
    const db = open(connection);
    await untilMade(db, error);
    const description = fillMessage(PLACES.joined, { folder: config.dataDir });
    return { db, connection, description, notes: [], close: () => db.close() };
  }
}

/** A server that starts for the first time owns its folder before its database is there. */
async function untilMade(db: Database, inUse: NewDayError): Promise<void> {
  for (const deadline = Date.now() + FIRST_START_MS; ; await sleep(POLL_MS)) {
    const failure = await db.query("select 1").then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!failure) return;
    const starting = sqlStateOf(failure) === SQL_STATE.invalidCatalogName;
    if (starting && Date.now() < deadline) continue;
    await db.close();
    throw starting ? inUse : failure;
  }
}

async function openEmbeddedStore(dataDir: string, options: EmbeddedOptions): Promise<Store> {
  const embedded = await openEmbedded(dataDir, options);
  const db = open(embedded.connection);
  return {
    db,
    connection: embedded.connection,
    description: fillMessage(PLACES.embedded, { folder: embedded.folder }),
    notes: embedded.notes,
    async close() {
      await closeSoon(db);
      await embedded.stop();
    },
  };
}

async function openRealStore(url: string): Promise<Store> {
  const place = describeUrl(url);
  const db = open(url);
  try {
    const version = await serverVersion(db);
    if (version < SERVER_VERSION_MIN)
      throw new NewDayError("database_too_old", { place, version, minimum: SERVER_VERSION_MIN });
  } catch (error) {
    await db.close();
    throw explainUnreachable(error, place);
  }
  return {
    db,
    connection: url,
    description: fillMessage(PLACES.external, { place }),
    notes: [],
    close: () => closeSoon(db),
  };
}

/** A session that waits, such as for a lock, ends with its server or with this process. */
async function closeSoon(db: Database): Promise<void> {
  await Promise.race([db.close(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
}

function open(connection: DatabaseOptions["connection"]): Database {
  return openDatabase(optionsFor(connection));
}

/** How this process opens a database, wherever it is. */
export function optionsFor(connection: DatabaseOptions["connection"]): DatabaseOptions {
  return {
    connection,
    applicationName: "newday",
    poolSize: POOL_SIZE,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  };
}

async function serverVersion(db: Database): Promise<number> {
  const [row] = await db.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  return row?.version ?? 0;
}

/** Host, port and database of a URL; user and password stay secret. */
function describeUrl(url: string): string {
  const { hostname, port, pathname, searchParams } = parseDatabaseUrl(url);
  const host = searchParams.get("host") ?? (hostname || "localhost");
  return `${host}:${searchParams.get("port") ?? (port || "5432")}${pathname}`;
}

const REASONS: Readonly<Record<string, Message>> = {
  ECONNREFUSED: { en: "nothing listens there", zh: "该地址没有程序在监听" },
  ENOENT: { en: "there is no socket there", zh: "该处没有套接字" },
  ENOTFOUND: { en: "the host name is unknown", zh: "主机名未知" },
  EAI_AGAIN: { en: "the host name cannot be resolved now", zh: "目前无法解析主机名" },
  ETIMEDOUT: { en: "the host does not answer", zh: "主机没有应答" },
  "28P01": { en: "user or password is wrong", zh: "用户或密码错误" },
  "28000": { en: "this user may not connect", zh: "此用户无权连接" },
  "3D000": { en: "the database does not exist", zh: "数据库不存在" },
  "42501": { en: "this user lacks the right to use it", zh: "此用户无权使用该数据库" },
};

const NO_ANSWER: Message = { en: "it does not answer", zh: "没有应答" };

function explainUnreachable(error: unknown, place: string): unknown {
  if (error instanceof NewDayError && error.code === "database_too_old") return error;
  const reason = REASONS[sqlStateOf(error) ?? ""] ?? NO_ANSWER;
  return new NewDayError(
    "database_unavailable",
    {
      place,
      rule: reason,
      remedy: {
        en: "Correct DATABASE_URL, or leave it out for the embedded database.",
        zh: "请更正 DATABASE_URL，或不设置以使用内置数据库",
      },
    },
    {
      message: {
        en: `Cannot open the database at ${place}: ${reason.en}.`,
        zh: `无法打开数据库 ${place}：${reason.zh}。`,
      },
      cause: error,
    },
  );
}
