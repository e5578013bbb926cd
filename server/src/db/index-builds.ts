/**
 * Migrations that build indexes of live tables: `create index concurrently` blocks no writer, and cannot run in a
 * transaction. Such a file has no other statements. Each index is built before the transaction that records the file.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Database, Queryable } from "./database.ts";

/** Arbitrary but fixed. Another lock than that of migrations, whose waiters hold a snapshot that a build waits for. */
const INDEX_BUILDS_LOCK = 7_301_031;
const LOCK_POLL_MS = 250;

const BUILD = /^create (?:unique )?index concurrently (?<name>[a-z_0-9]+)\s+on\s+newday\.[^;]+$/;

interface IndexBuild {
  readonly name: string;
  readonly statement: string;
}

/** The indexes of such a file; none for a file that changes anything else. Throws for a mixture. */
export function listIndexBuilds(sql: string): IndexBuild[] {
  const statements = sql
    .replaceAll(/^\s*--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
  if (!statements.some((statement) => statement.includes(" index concurrently "))) return [];
  return statements.map((statement) => {
    const name = BUILD.exec(statement)?.groups?.["name"];
    if (name === undefined) throw new Error(`no index that is built concurrently: ${statement}`);
    return { name, statement };
  });
}

/** Builds those that are missing; a build that was interrupted left an invalid index, which is built anew. */
export async function buildIndexes(db: Database, sql: string): Promise<void> {
  const builds = listIndexBuilds(sql);
  if (builds.length === 0) return;
  const connection = await db.connect("newday-index-build");
  try {
    // A build waits for transactions that began before it, without blocking others meanwhile.
    await connection.query("set statement_timeout = 0");
    await connection.query("set lock_timeout = 0");
    await takeLock(connection);
    for (const build of builds) await buildIndex(connection, build);
  } finally {
    await connection.close();
  }
}

/** Builds in this transaction, where nothing else writes: a new database. */
export async function buildIndexesInside(tx: Queryable, sql: string): Promise<void> {
  for (const { name, statement } of listIndexBuilds(sql))
    if ((await findIndex(tx, name)) === undefined)
      await tx.query(statement.replace(" concurrently ", " "));
}

async function buildIndex(connection: Connection, { name, statement }: IndexBuild): Promise<void> {
  const known = await findIndex(connection, name);
  if (known?.isValid === true) return;
  if (known) await connection.query(`drop index concurrently newday.${name}`);
  await connection.query(statement);
}

/** A statement that waited for the lock would hold a snapshot, which the build of the holder waits for. */
async function takeLock(connection: Connection): Promise<void> {
  for (;;) {
    const [row] = await connection.query<{ taken: boolean }>(
      "select pg_try_advisory_lock($1) as taken",
      [INDEX_BUILDS_LOCK],
    );
    if (row?.taken === true) return;
    await sleep(LOCK_POLL_MS);
  }
}

async function findIndex(
  db: Queryable,
  name: string,
): Promise<{ readonly isValid: boolean } | undefined> {
  const [row] = await db.query<{ isValid: boolean }>(
    `select i.indisvalid as "isValid" from pg_catalog.pg_index i
      where i.indexrelid = to_regclass('newday.' || $1)`,
    [name],
  );
  return row;
}
