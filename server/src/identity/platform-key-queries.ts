/** SQL of platform keys. */
import type { Queryable, Statement } from "../db/database.ts";
import type { KeyRole } from "./scopes.ts";

export interface PlatformKeyRow {
  readonly id: string;
  readonly platform: string;
  readonly role: KeyRole;
  readonly label: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = `id, platform, role, label, scopes, created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt"`;

const FIND_LIVE_KEYS: Statement = {
  name: "find-live-platform-keys",
  text: `select encode(key_hash, 'hex') as hash, ${COLUMNS} from newday.platform_keys
         where key_hash = any($1::bytea[]) and revoked_at is null
           and (expires_at is null or expires_at > now())`,
};

/** Live keys by the hex of their hash; revoked and expired ones are left out. */
export async function findLivePlatformKeys(
  db: Queryable,
  hashes: readonly string[],
): Promise<Map<string, PlatformKeyRow>> {
  const rows = await db.query<PlatformKeyRow & { hash: string }>(FIND_LIVE_KEYS, [
    hashes.map((hash) => Buffer.from(hash, "hex")),
  ]);
  return new Map(rows.map(({ hash, ...row }) => [hash, row]));
}

export async function insertPlatformKey(
  db: Queryable,
  key: Pick<PlatformKeyRow, "id" | "platform" | "role" | "label" | "scopes"> & { hash: Buffer },
): Promise<void> {
  await db.query(
    `insert into newday.platform_keys (id, key_hash, platform, role, label, scopes)
     values ($1, $2, $3, $4, $5, $6)`,
    [key.id, key.hash, key.platform, key.role, key.label, key.scopes],
  );
}

/** Every key, oldest first, revoked ones included; of one platform when it is given. */
export function listPlatformKeys(db: Queryable, platform?: string): Promise<PlatformKeyRow[]> {
  return db.query(
    `select ${COLUMNS} from newday.platform_keys where $1::text is null or platform = $1
     order by created_at, id`,
    [platform ?? null],
  );
}

export async function revokePlatformKey(db: Queryable, id: string): Promise<void> {
  await db.query(
    "update newday.platform_keys set revoked_at = now() where id = $1 and revoked_at is null",
    [id],
  );
}
