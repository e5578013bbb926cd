/** SQL of platforms. */
import type { JSONWebKeySet } from "jose";
import type { Queryable, Statement, Transaction } from "../../db/database.ts";
import { selectNames } from "../../db/tables/columns.ts";
import { insertOne, updateOne, valuesOf, type ColumnNames } from "../../db/tables/one-row.ts";

/** How the users of a platform prove who they are. */
export type PlatformLoginPolicy = "none" | "compatibility" | "hmac" | "jwks";

export interface PlatformRow {
  readonly name: string;
  readonly status: "active" | "suspended";
  readonly suspendedReason: string | null;
  /** True for the platforms whose users have ids without a prefix. */
  readonly hasBareIds: boolean;
  readonly loginPolicy: PlatformLoginPolicy;
  readonly origins: readonly string[];
  readonly jwks: JSONWebKeySet | null;
  readonly jwksUrl: string | null;
  /** Coins of a new wallet in minor units; 0 without a grant. */
  readonly starterGrant: bigint;
  /** Coins a UTC day that pay starter grants; null: no bound. */
  readonly starterBudgetPerDay: bigint | null;
  /** The most that a user of a compatibility login spends in total. */
  readonly compatibilityCap: bigint | null;
  /** The sentence with which an operator accepted the compatibility login. */
  readonly compatibilityAccepted: string | null;
  readonly createdAt: Date;
}

export type PlatformWanted = Omit<PlatformRow, "createdAt">;

const WRITTEN: ColumnNames<PlatformWanted> = {
  name: "name",
  status: "status",
  suspendedReason: "suspended_reason",
  hasBareIds: "bare_ids",
  loginPolicy: "login_policy",
  origins: "origins",
  jwks: "jwks",
  jwksUrl: "jwks_url",
  starterGrant: "starter_grant",
  starterBudgetPerDay: "starter_budget_per_day",
  compatibilityCap: "compatibility_cap",
  compatibilityAccepted: "compatibility_accepted",
};

const COLUMNS: ColumnNames<PlatformRow> = { ...WRITTEN, createdAt: "created_at" };

const LIST: Statement = {
  name: "list-platforms",
  text: `select ${selectNames(Object.entries(COLUMNS))} from newday.platforms order by created_at, name`,
};

const INSERT = insertOne("newday.platforms", WRITTEN);
const UPDATE = updateOne("newday.platforms", WRITTEN);

export function listPlatforms(db: Queryable): Promise<PlatformRow[]> {
  return db.query(LIST);
}

export interface PlatformSecretRow {
  readonly platform: string;
  readonly mark: Buffer;
  readonly ciphertext: Buffer;
  readonly keyFingerprint: string;
  readonly source: "environment" | "command";
  readonly createdAt: Date;
  /** Proves no login from then on; null: without end. */
  readonly validUntil: Date | null;
  /** Its sessions ended then. */
  readonly withdrawnAt: Date | null;
}

const LIST_SECRETS: Statement = {
  name: "list-platform-secrets",
  text: `select platform, mark, ciphertext, key_fingerprint as "keyFingerprint", source,
           created_at as "createdAt", valid_until as "validUntil", withdrawn_at as "withdrawnAt"
         from newday.platform_secrets order by created_at, mark`,
};

/** Oldest first, withdrawn ones included. */
export function listPlatformSecrets(db: Queryable): Promise<PlatformSecretRow[]> {
  return db.query(LIST_SECRETS);
}

/** Serialises operators; servers only read these rows and continue. */
export async function lockPlatforms(tx: Transaction): Promise<void> {
  await tx.query(
    "lock table newday.platforms, newday.platform_secrets in share row exclusive mode",
  );
}

/** A platform as it is added, but for its name. */
export const NEW_PLATFORM: Omit<PlatformWanted, "name"> = {
  status: "active",
  suspendedReason: null,
  hasBareIds: false,
  loginPolicy: "hmac",
  origins: [],
  jwks: null,
  jwksUrl: null,
  starterGrant: 0n,
  starterBudgetPerDay: null,
  compatibilityCap: null,
  compatibilityAccepted: null,
};

export async function insertPlatform(tx: Transaction, platform: PlatformWanted): Promise<void> {
  await tx.query(INSERT, valuesOf(WRITTEN, platform));
}

export async function updatePlatform(tx: Transaction, platform: PlatformWanted): Promise<void> {
  await tx.query(UPDATE, valuesOf(WRITTEN, platform));
}

export async function insertPlatformSecret(
  tx: Transaction,
  secret: Pick<PlatformSecretRow, "platform" | "mark" | "ciphertext" | "keyFingerprint" | "source">,
): Promise<void> {
  await tx.query(
    `insert into newday.platform_secrets (platform, mark, ciphertext, key_fingerprint, source)
     values ($1, $2, $3, $4, $5)`,
    [secret.platform, secret.mark, secret.ciphertext, secret.keyFingerprint, secret.source],
  );
}

/** Ends a secret: at a time, its sessions go on; or withdraws it, and its sessions end. */
export async function endPlatformSecret(
  tx: Transaction,
  {
    platform,
    mark,
    validUntil,
    isWithdrawn,
  }: Pick<PlatformSecretRow, "platform" | "mark" | "validUntil"> & { isWithdrawn: boolean },
): Promise<void> {
  await tx.query(
    `update newday.platform_secrets set valid_until = $3,
       withdrawn_at = case when $4 then coalesce(withdrawn_at, now()) else withdrawn_at end
     where platform = $1 and mark = $2`,
    [platform, mark, validUntil, isWithdrawn],
  );
}

export async function updateSealedSecret(
  tx: Transaction,
  {
    platform,
    mark,
    ciphertext,
    keyFingerprint,
  }: Pick<PlatformSecretRow, "platform" | "mark" | "ciphertext" | "keyFingerprint">,
): Promise<void> {
  await tx.query(
    `update newday.platform_secrets set ciphertext = $3, key_fingerprint = $4
     where platform = $1 and mark = $2`,
    [platform, mark, ciphertext, keyFingerprint],
  );
}

/** Live sessions of a platform, or those that secrets with these marks proved. */
export async function countSessionsOfMarks(
  db: Queryable,
  platform: string,
  marks?: readonly Buffer[],
): Promise<bigint> {
  const [row] = await db.query<{ count: bigint }>(
    `select count(*) from newday.sessions
     where platform = $1 and revoked_at is null and expires_at > now()
       and ($2::bytea[] is null or secret_mark = any($2::bytea[]))`,
    [platform, marks ?? null],
  );
  return row?.count ?? 0n;
}

/** The trigger of the table notifies every server of each one. */
export async function revokeSessionsOfPlatform(tx: Transaction, platform: string): Promise<void> {
  await tx.query(
    `update newday.sessions set revoked_at = now()
     where platform = $1 and revoked_at is null and expires_at > now()`,
    [platform],
  );
}

/** A user of another platform whose id begins with `<prefix>:`. */
export async function findForeignIdWithPrefix(
  db: Queryable,
  prefix: string,
): Promise<string | undefined> {
  const [row] = await db.query<{ userId: string }>(
    `select user_id as "userId" from newday.users
     where starts_with(user_id, $1 || ':') and platform <> $1 limit 1`,
    [prefix],
  );
  return row?.userId;
}

/** The names of the platforms with a compatibility login, which production tells in its health. */
export async function listCompatibilityLogins(db: Queryable): Promise<string[]> {
  const platforms = await listPlatforms(db);
  return platforms.flatMap(({ name, status, loginPolicy }) =>
    status === "active" && loginPolicy === "compatibility" ? [name] : [],
  );
}
