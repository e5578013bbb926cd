/**
 * Brings a database to this version's schema: plain numbered SQL files, forward only.
 *
 * Guarantees: one runner at a time (advisory lock); each file of an upgrade in a transaction of its own
 * together with its row, all files of a first start in one; a short `lock_timeout`, so that clients
 * never queue behind a migration; compared checksums; a newer database is refused untouched; a table
 * that would hide another application's table is refused. Indexes of live tables are built before, without
 * blocking writers (index-builds.ts).
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NewDayError } from "../errors/errors.ts";
import type { Database, Queryable, Transaction } from "./database.ts";
import { buildIndexes, buildIndexesInside, listIndexBuilds } from "./index-builds.ts";
import type { Message } from "../lib/messages.ts";
import { packageRoot } from "../lib/package-root.ts";
import { refuseShadowing, rolesThatSearchOurSchema, shadowedTables } from "./shadowed-tables.ts";
import { SQL_STATE, sqlStateOf } from "./sql-state.ts";

/** Arbitrary but fixed: the same number in every version, or two versions would not exclude. */
export const MIGRATION_LOCK = 7_301_026;
/**
 * Below PostgreSQL's deadlock_timeout (1 s), so that the migration gives way and clients live on.
 */
const LOCK_TIMEOUT_MS = 800;

export interface Migration {
  readonly id: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export interface MigrationReport {
  readonly version: number;
  readonly applied: readonly string[];
}

const MIGRATION_FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** The migrations that ship with this version, in order. */
export function listMigrations(folder = join(packageRoot(), "migrations")): Migration[] {
  return readdirSync(folder)
    .filter((file) => MIGRATION_FILE.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(folder, file), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { id: Number(file.slice(0, 4)), name: file.slice(0, -4), sql, checksum };
    });
}

/**
 * Applies pending migrations. Safe to call from several processes at once. Errors:
 * `database_newer`, `migration_changed`, `migrations_pending` (this login may not apply them),
 * `schema_shadows`, `database_busy`, `database_unavailable`.
 */
export async function migrate(
  db: Database,
  migrations: readonly Migration[] = listMigrations(),
): Promise<MigrationReport> {
  try {
    return await applyMissing(db, migrations);
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.insufficientPrivilege) throw error;
    const version = await schemaVersion(db).catch(() => 0);
    throw pending(version, migrations.at(-1)?.id ?? 0, error);
  }
}

/** For read-only commands. Errors: `migrations_pending`, `database_newer`. */
export async function requireMigrated(
  db: Queryable,
  migrations: readonly Migration[] = listMigrations(),
): Promise<void> {
  const version = await schemaVersion(db);
  const newest = migrations.at(-1)?.id ?? 0;
  refuseNewer(version, newest);
  if (version < newest) throw pending(version, newest);
}

/**
 * Applies pending migrations to a database that has New Day's tables, and refuses any other: a command
 * that was pointed at the wrong database leaves it as it was. Errors: as `migrate`.
 */
export async function migrateExisting(db: Database): Promise<void> {
  if ((await schemaVersion(db)) === 0) await requireMigrated(db);
  await migrate(db);
}

async function applyMissing(
  db: Database,
  migrations: readonly Migration[],
): Promise<MigrationReport> {
  const applied: string[] = [];
  const readers = await rolesThatSearchOurSchema(db);
  for (const together of await transactionsOf(db, migrations)) {
    await buildIndexesBefore(db, together);
    const ran = await db.transaction(
      async (tx) => {
        await tx.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
        const hidden = await shadowedTables(tx, readers);
        await createLedger(tx);
        const names: string[] = [];
        for (const migration of together)
          if (await applyMigration(tx, migration, migrations)) names.push(migration.name);
        if (names.length > 0) await refuseShadowing(tx, readers, hidden);
        return names;
      },
      { statementTimeoutMs: 0 },
    );
    applied.push(...ran);
  }
  return { version: migrations.at(-1)?.id ?? 0, applied };
}

/**
 * One transaction for a first start: other clients see the schema complete or not at all, and never
 * meet a name that a later migration takes back. An upgrade commits after each migration.
 */
async function transactionsOf(
  db: Database,
  migrations: readonly Migration[],
): Promise<Migration[][]> {
  if ((await schemaVersion(db)) === 0) return [[...migrations]];
  return migrations.map((migration) => [migration]);
}

/** The indexes of a migration of an upgrade; a first start builds them in its transaction. */
async function buildIndexesBefore(db: Database, [migration, ...rest]: readonly Migration[]) {
  if (!migration || rest.length > 0 || listIndexBuilds(migration.sql).length === 0) return;
  const [applied] = await db.query("select 1 from newday.schema_migrations where id = $1", [
    migration.id,
  ]);
  if (!applied) await buildIndexes(db, migration.sql);
}

/** The newest migration of the database, 0 for a foreign one. */
export async function schemaVersion(db: Queryable): Promise<number> {
  const [table] = await db.query<{ exists: boolean }>(
    "select to_regclass('newday.schema_migrations') is not null as exists",
  );
  if (!table?.exists) return 0;
  const [row] = await db.query<{ version: number }>(
    "select coalesce(max(id), 0)::int as version from newday.schema_migrations",
  );
  return row?.version ?? 0;
}

async function createLedger(tx: Transaction): Promise<void> {
  const [table] = await tx.query<{ exists: boolean }>(
    "select to_regclass('newday.schema_migrations') is not null as exists",
  );
  if (table?.exists) return;
  await tx.query("create schema if not exists newday");
  await tx.query(`create table if not exists newday.schema_migrations (
      id integer constraint schema_migrations_pkey primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
}

async function applyMigration(
  tx: Transaction,
  migration: Migration,
  known: readonly Migration[],
): Promise<boolean> {
  const rows = await tx.query<{ id: number; checksum: string }>(
    "select id, checksum from newday.schema_migrations order by id",
  );
  refuseNewer(rows.at(-1)?.id ?? 0, known.at(-1)?.id ?? 0);
  const existing = rows.find((row) => row.id === migration.id);
  if (existing) {
    refuseChanged(existing.checksum, migration);
    return false;
  }
  await tx.query("insert into newday.schema_migrations (id, name, checksum) values ($1, $2, $3)", [
    migration.id,
    migration.name,
    migration.checksum,
  ]);
  await tx.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  if (listIndexBuilds(migration.sql).length === 0) await tx.query(migration.sql);
  else await buildIndexesInside(tx, migration.sql);
  return true;
}

function pending(databaseVersion: number, codeVersion: number, cause?: unknown): NewDayError {
  const place: Message =
    databaseVersion === 0
      ? { en: "no tables of New Day", zh: "没有 New Day 的表" }
      : { en: `schema ${databaseVersion}`, zh: `结构版本为 ${databaseVersion}` };
  return new NewDayError(
    "migrations_pending",
    { databaseVersion, codeVersion },
    {
      message: {
        en: `The database has ${place.en}, this version needs schema ${codeVersion}; let the owner of the tables run \`newday roles\`, which migrates it.`,
        zh: `数据库${place.zh}，此版本需要结构版本 ${codeVersion}；请由表的所有者运行 newday roles 完成迁移。`,
      },
      cause,
    },
  );
}

function refuseNewer(databaseVersion: number, codeVersion: number): void {
  if (databaseVersion > codeVersion)
    throw new NewDayError("database_newer", { databaseVersion, codeVersion });
}

function refuseChanged(appliedChecksum: string, migration: Migration): void {
  if (appliedChecksum !== migration.checksum)
    throw new NewDayError("migration_changed", { migration: migration.name });
}
