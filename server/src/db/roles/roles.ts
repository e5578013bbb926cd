/**
 * Roles without a login, which restrict the server's sessions to the rights that they need.
 *
 * `newday_app` reads everything and writes rows without money. Only `newday_posting`, the engine's
 * role, writes balances and transfers; posted rows are immutable for both. Where the roles cannot
 * be made or taken, the server runs as its login and says so.
 */
import type { Database, Queryable } from "../database.ts";
import { MIGRATION_LOCK } from "../migrations.ts";
import { openDatabase, type DatabaseOptions } from "../driver/postgres.ts";
import { currentRole, makeRoles, readRoleFacts } from "./role-queries.ts";

export const SESSION_ROLES = { pool: "newday_app", dedicated: "newday_posting" } as const;
export const READER_ROLE = "newday_read";

/** The reason why a server's sessions keep the rights of their login. */
export type RoleObstacle = "roles_missing" | "roles_not_granted" | "login_not_member";

/**
 * Makes missing roles and rights, as far as this login may. Returns the obstacle to taking them,
 * undefined for success. The schema must be migrated.
 */
export async function prepareRoles(db: Database): Promise<RoleObstacle | undefined> {
  const before = await readObstacle(db);
  if (before === undefined) return undefined;
  await db.transaction(async (tx) => {
    // Two servers that grant at once would fail with "tuple concurrently updated".
    await tx.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await makeRoles(tx);
  });
  return readObstacle(db);
}

/** As `prepareRoles`, read-only. */
async function readObstacle(db: Queryable): Promise<RoleObstacle | undefined> {
  const { exist, granted, mayTake } = await readRoleFacts(db, Object.values(SESSION_ROLES));
  if (!exist) return "roles_missing";
  if (!granted) return "roles_not_granted";
  return mayTake ? undefined : "login_not_member";
}

/** Whether the statements of this handle run with the rights of a serving process only. */
export async function isRestricted(db: Queryable): Promise<boolean> {
  return (await currentRole(db)) === SESSION_ROLES.pool;
}

/**
 * The same database through sessions that have taken the roles; undefined when they cannot, as
 * behind a pooler that drops startup options. The caller closes it.
 */
export async function openRestricted(options: DatabaseOptions): Promise<Database | undefined> {
  const db = openDatabase({ ...options, roles: SESSION_ROLES });
  if (await isRestricted(db).catch(() => false)) return db;
  await db.close();
  return undefined;
}
