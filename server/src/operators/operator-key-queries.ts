/** SQL of the keys with which machines act as an operator. */
import type { Queryable } from "../db/database.ts";
import type { OperatorRole } from "./roles.ts";

export interface OperatorKeyRow {
  readonly id: string;
  readonly label: string;
  readonly role: OperatorRole;
  readonly madeBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = `id, label, role, made_by as "madeBy", created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt"`;

/** Oldest first, revoked ones included. */
export function listOperatorKeys(db: Queryable): Promise<OperatorKeyRow[]> {
  return db.query(`select ${COLUMNS} from newday.operator_keys order by created_at, id`);
}

/** A live key. */
export async function findOperatorKey(
  db: Queryable,
  hash: Buffer,
): Promise<OperatorKeyRow | undefined> {
  const [row] = await db.query<OperatorKeyRow>(
    {
      name: "find-operator-key",
      text: `select ${COLUMNS} from newday.operator_keys
        where key_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())`,
    },
    [hash],
  );
  return row;
}

export async function insertOperatorKey(
  db: Queryable,
  key: Pick<OperatorKeyRow, "id" | "label" | "role" | "madeBy" | "expiresAt"> & { hash: Buffer },
): Promise<void> {
  await db.query(
    `insert into newday.operator_keys (id, key_hash, label, role, made_by, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [key.id, key.hash, key.label, key.role, key.madeBy, key.expiresAt],
  );
}

export async function revokeOperatorKey(db: Queryable, id: string): Promise<void> {
  await db.query(
    "update newday.operator_keys set revoked_at = coalesce(revoked_at, now()) where id = $1",
    [id],
  );
}
