/**
 * The bootstrap of a deployment: secrets of the environment become rows, once per platform. From then on the
 * rows count, so that a restart never brings a withdrawn secret back.
 */
import type { Database, Transaction } from "../../db/database.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { insertOperatorChange } from "../operator-changes/operator-changes.ts";
import {
  liveSecrets,
  readPlatforms,
  type Platform,
  type SecretsAccess,
} from "./platform-directory.ts";
import {
  insertPlatform,
  insertPlatformSecret,
  lockPlatforms,
  NEW_PLATFORM,
} from "./platform-queries.ts";
import { markSecret } from "./secret-mark.ts";
import { readKeyring, sealSecret, type Keyring } from "./secrets-key.ts";

/** Names of platforms, for the start lines. */
export interface SecretsReport {
  readonly imported: readonly string[];
  /** Their secrets of the environment count for this process only. */
  readonly notStored: readonly string[];
  /** The environment has another secret than the stored ones, which count. */
  readonly differing: readonly string[];
  /** Live secrets that the keys of this process do not open. */
  readonly unreadable: readonly string[];
  readonly hasKey: boolean;
  /** True when a platform may log its users in by a proof. */
  readonly canProve: boolean;
}

/** Safe from several processes at once. Errors: `config_invalid` for a malformed key. */
export async function importEnvironmentSecrets(
  db: Database,
  access: SecretsAccess,
): Promise<SecretsReport> {
  const keyring = readKeyring(access.key);
  const imported = await importMissing(db, access, keyring);
  const platforms = await readPlatforms(db, access);
  const named = [...access.environment].map(([name, secret]) => ({
    platform: platforms.get(name),
    name,
    secret,
  }));
  const stored = await readPlatforms(db, { ...access, environment: new Map() });
  const hasRows = (name: string) => (stored.get(name)?.secrets ?? []).length > 0;
  return {
    imported,
    notStored: named.filter(({ name }) => !hasRows(name)).map(({ name }) => name),
    differing: named
      .filter(({ name, secret, platform }) => hasRows(name) && !hasLive(platform, secret))
      .map(({ name }) => name),
    unreadable: [...platforms.values()]
      .filter((platform) => liveSecrets(platform).some(({ secret }) => secret === undefined))
      .map(({ name }) => name),
    hasKey: keyring.keys.length > 0,
    canProve: [...platforms.values()].some(canProve),
  };
}

async function importMissing(
  db: Database,
  access: SecretsAccess,
  keyring: Keyring,
): Promise<string[]> {
  if (access.environment.size === 0) return [];
  const before = await readPlatforms(db, { ...access, environment: new Map() });
  if (missingIn(before, access, keyring).length === 0) return [];
  return db
    .transaction(async (tx) => {
      await lockPlatforms(tx);
      const platforms = await readPlatforms(tx, { ...access, environment: new Map() });
      const missing = missingIn(platforms, access, keyring);
      for (const name of missing) {
        const secret = access.environment.get(name) ?? "";
        await importOne(tx, { name, secret, known: platforms.get(name) }, keyring);
      }
      return keyring.keys.length > 0 ? missing : [];
    })
    .catch((error: unknown) => {
      // A login that may only serve: the operator's commands import, and the environment counts meanwhile.
      if (sqlStateOf(error) === SQL_STATE.insufficientPrivilege) return [];
      throw error;
    });
}

/** Without a key only the platform's row can be stored. */
function missingIn(
  platforms: ReadonlyMap<string, Platform>,
  { environment }: SecretsAccess,
  { keys }: Keyring,
): string[] {
  return [...environment.keys()].filter((name) => {
    const platform = platforms.get(name);
    return !platform || (keys.length > 0 && platform.secrets.length === 0);
  });
}

async function importOne(
  tx: Transaction,
  { name, secret, known }: { name: string; secret: string; known: Platform | undefined },
  keyring: Keyring,
): Promise<void> {
  if (!known) await insertPlatform(tx, { ...NEW_PLATFORM, name });
  const sealed = keyring.keys.length > 0 ? sealSecret(keyring, name, secret) : undefined;
  if (sealed) await insertPlatformSecret(tx, { ...sealed, platform: name, source: "environment" });
  await insertOperatorChange(
    tx,
    { operator: "environment", dryRun: false, reason: "first start with NEWDAY_PLATFORM_SECRETS" },
    {
      what: "platform import",
      subject: name,
      before: known ? { secrets: [] } : null,
      after: { secrets: sealed ? [sealed.mark.toString("hex")] : [] },
      accounts: 0n,
    },
  );
}

function hasLive(platform: Platform | undefined, secret: string): boolean {
  const mark = markSecret(secret);
  return platform !== undefined && liveSecrets(platform).some((one) => one.mark.equals(mark));
}

function canProve(platform: Platform): boolean {
  if (platform.status !== "active" || platform.loginPolicy === "none") return false;
  return platform.loginPolicy !== "hmac" || liveSecrets(platform).length > 0;
}
