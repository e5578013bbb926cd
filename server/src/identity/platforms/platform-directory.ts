/** Cache: every platform, by name. Evicted by notification of any change, and after a minute. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import { listPlatforms, listPlatformSecrets, type PlatformRow } from "./platform-queries.ts";
import { markPublicKey, markSecret } from "./secret-mark.ts";
import { openSecret, readKeyring, type SecretsKeySource } from "./secrets-key.ts";

export interface PlatformSecret {
  readonly mark: Buffer;
  /** Undefined when this server has not the key that opens it. */
  readonly secret: string | undefined;
  /** Proves no login from then on; its sessions go on. */
  readonly validUntil: Date | null;
  /** Its sessions ended then. */
  readonly withdrawnAt: Date | null;
}

export interface Platform extends PlatformRow {
  /** Oldest first, withdrawn ones included. */
  readonly secrets: readonly PlatformSecret[];
  /** Marks of the inline public keys. */
  readonly keyMarks: readonly Buffer[];
}

export interface PlatformDirectory {
  find(name: string): Promise<Platform | undefined>;
  /** In the order in which they were made. */
  list(): Promise<readonly Platform[]>;
  /** Origins of the active platforms as of the last read, which this call renews in the background. */
  origins(): ReadonlySet<string>;
  /** The platform, suspended or not. Errors: `invalid_field` about `field` for an unknown name. */
  requirePlatform(name: string, field: string): Promise<Platform>;
}

type Read<Row> = (key: string) => Promise<Row | undefined>;
type Platforms = ReadonlyMap<string, Platform>;

/** How this server reads stored secrets. */
export interface SecretsAccess {
  readonly key: SecretsKeySource;
  /**
   * Secrets of the environment by platform. They count for a platform without a stored one: a server without
   * a key cannot import them.
   */
  readonly environment: ReadonlyMap<string, string>;
}

/** The payload of the notification that evicts the platforms (migration 0074). */
const ALL = "platforms";

/** `cacheReads` as of the live credentials, which evict by the same channel. */
export function createPlatformDirectory(
  db: Queryable,
  { cacheReads }: { readonly cacheReads: <Row>(read: Read<Row>) => Read<Row> },
  access: SecretsAccess,
): PlatformDirectory {
  let origins: ReadonlySet<string> = new Set();
  const readAll = async () => {
    const platforms = await readPlatforms(db, access);
    origins = originsOf(platforms);
    return new Map([[ALL, platforms]]);
  };
  const read = cacheReads(coalesceReads<Platforms>(readAll));
  const find = async (name: string) => (await read(ALL))?.get(name);
  return {
    find,
    async list() {
      return [...((await read(ALL)) ?? new Map<string, Platform>()).values()];
    },
    origins() {
      read(ALL).catch(() => undefined); // the next request tries again
      return origins;
    },
    async requirePlatform(name, field) {
      return (await find(name)) ?? refuseUnknownPlatform(name, field);
    },
  };
}

function originsOf(platforms: Platforms): ReadonlySet<string> {
  const active = [...platforms.values()].filter(({ status }) => status === "active");
  return new Set(active.flatMap((platform) => platform.origins));
}

/** Every platform with its secrets, as this server can read them. Errors: `config_invalid`. */
export async function readPlatforms(
  db: Queryable,
  { key, environment }: SecretsAccess,
): Promise<Platforms> {
  const keyring = readKeyring(key);
  const [rows, sealed] = [await listPlatforms(db), await listPlatformSecrets(db)];
  const secretsOf = (platform: string): PlatformSecret[] => {
    const stored = sealed.filter((row) => row.platform === platform);
    const own = environment.get(platform);
    if (stored.length > 0 || own === undefined)
      return stored.map(({ mark, validUntil, withdrawnAt, ...row }) => ({
        mark,
        secret: openSecret(keyring, { mark, ...row }),
        validUntil,
        withdrawnAt,
      }));
    return [{ mark: markSecret(own), secret: own, validUntil: null, withdrawnAt: null }];
  };
  const platforms = rows.map(async (row) => ({
    ...row,
    secrets: secretsOf(row.name),
    keyMarks: await Promise.all((row.jwks?.keys ?? []).map((key) => markPublicKey(key))),
  }));
  return new Map((await Promise.all(platforms)).map((one) => [one.name, one]));
}

/** A stored platform, for commands, which have no cache. Errors: `invalid_field` about `field`. */
export async function requireStoredPlatform(
  db: Queryable,
  name: string,
  field: string,
): Promise<PlatformRow> {
  const rows = await listPlatforms(db);
  return rows.find((row) => row.name === name) ?? refuseUnknownPlatform(name, field);
}

/** Those that prove a login now. */
export function liveSecrets({ secrets }: Platform, now = Date.now()): PlatformSecret[] {
  return secrets.filter(
    ({ validUntil, withdrawnAt }) =>
      withdrawnAt === null && (validUntil === null || validUntil.getTime() > now),
  );
}

/** Errors: `invalid_field`. */
export function refuseUnknownPlatform(name: string, field: string): never {
  throw new NewDayError("invalid_field", {
    field,
    rule: { en: `${name} is no platform of New Day`, zh: `${name} 不是 New Day 的平台` },
    remedy: {
      en: "Use a platform that `newday platform list` shows, or add it: `newday platform add`.",
      zh: "请使用 `newday platform list` 列出的平台，或用 `newday platform add` 添加",
    },
  });
}

/** Errors: `platform_suspended`. */
export function refuseSuspended({ name, status }: Pick<PlatformRow, "name" | "status">): void {
  if (status === "active") return;
  throw new NewDayError("platform_suspended", {
    platform: name,
    rule: {
      en: `${name} was suspended by an operator of New Day`,
      zh: `平台 ${name} 已被 New Day 的运维人员停用`,
    },
  });
}
