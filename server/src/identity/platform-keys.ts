/**
 * Platform keys: the credential with which a platform's own server calls /api/v1.
 *
 * A key acts for the users of its platform only, within its scopes, until it is revoked; every
 * process is notified of a revocation (live-credentials.ts). The key is shown once, when it is
 * made; only its hash is stored.
 */
import { hash, randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import { coalesceReads } from "../lib/coalesced-read.ts";
import type { Database, Queryable, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import type { LiveCredentials } from "./live-credentials.ts";
import {
  findLivePlatformKeys,
  insertPlatformKey,
  listPlatformKeys,
  revokePlatformKey,
  type PlatformKeyRow,
} from "./platform-key-queries.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "./operator-changes/operator-changes.ts";
import {
  refuseSuspended,
  requireStoredPlatform,
  type PlatformDirectory,
} from "./platforms/platform-directory.ts";
import { HOME_PLATFORM } from "./platforms/platform-ids.ts";
import { isScope, scopesFor, type KeyRole, type Scope } from "./scopes.ts";
import { hashCredential } from "./token.ts";
import type { Message } from "../lib/messages.ts";

export interface PlatformKey {
  readonly id: string;
  readonly platform: string;
  readonly role: KeyRole;
  readonly scopes: ReadonlySet<Scope>;
}

export type PlatformKeyReader = (key: string) => Promise<PlatformKey>;

const KEY_BYTES = 32;
const KEY = /^nd_key_[A-Za-z0-9_-]{43}$/;
const LABEL_LENGTH_MAX = 64;

/** True for anything with the prefix of a platform key, well formed or malformed. */
export function isPlatformKey(credential: string): boolean {
  return credential.startsWith("nd_key_");
}

/**
 * Returns a reader of live keys. Errors: `platform_suspended`; `invalid_token` for every other one, equal for
 * every cause.
 */
export function createPlatformKeyReader(
  db: Queryable,
  { cacheReads }: Pick<LiveCredentials, "cacheReads">,
  platforms: Pick<PlatformDirectory, "find">,
): PlatformKeyReader {
  const find = coalesceReads<PlatformKeyRow>((hashes) => findLivePlatformKeys(db, hashes));
  const read = cacheReads(async (hashed) => toLiveKey(await find(hashed)));
  return async (key) => {
    const live = KEY.test(key) ? await read(hash("sha256", key)) : undefined;
    const owner = live && (await platforms.find(live.key.platform));
    if (!live || !owner || (live.expiresAt && live.expiresAt.getTime() <= Date.now()))
      throw new NewDayError("invalid_token", {
        field: "Authorization",
        rule: {
          en: "this platform key is unknown, expired or revoked",
          zh: "平台密钥不存在、已过期或已吊销",
        },
        remedy: {
          en: "Ask New Day's operators for a key. Operator: create one with `newday key create`.",
          zh: "请向 New Day 运维人员索取密钥。运维人员：可用 newday key create 创建",
        },
      });
    refuseSuspended(owner);
    return live.key;
  };
}

interface LiveKey {
  readonly key: PlatformKey;
  readonly expiresAt: Date | null;
}

/** Once for each read row, because requests share the cached result. */
function toLiveKey(row: PlatformKeyRow | undefined): LiveKey | undefined {
  if (!row) return undefined;
  const { id, platform, role, scopes, expiresAt } = row;
  return { key: { id, platform, role, scopes: new Set(scopes.filter(isScope)) }, expiresAt };
}

export interface KeyWanted {
  readonly platform: string;
  /** `platform` by default. */
  readonly role?: KeyRole;
  readonly scopes: readonly string[];
  readonly label?: string;
}

/**
 * Makes a key. The returned `key` is its only copy. An operator's key belongs to `newday`. Errors:
 * `invalid_field` for an unknown platform, a malformed label, or a scope that is unknown, missing or not of the
 * role; `platform_suspended`.
 */
export async function createPlatformKey(
  db: Queryable,
  wanted: KeyWanted,
): Promise<{ id: string; key: string }> {
  const row = await requireKeyForm(db, wanted);
  const made = newKey();
  await insertPlatformKey(db, { ...row, id: made.id, hash: hashCredential(made.key) });
  return made;
}

/** As `createPlatformKey`, by an operator: planned, shown and recorded. `secret` is the key. */
export function addPlatformKey(
  db: Database,
  context: OperatorContext,
  wanted: KeyWanted,
): Promise<ModelChange> {
  const { id, key } = newKey();
  return makeOperatorChange(db, context, lockKeys, async (tx) => {
    const row = await requireKeyForm(tx, wanted);
    const { platform, role, label, scopes } = row;
    return {
      planned: {
        what: "key create",
        subject: id,
        before: null,
        after: { platform, role, label, scopes: [...scopes] },
        accounts: 0n,
        ...(context.dryRun ? {} : { secret: key }),
      },
      apply: () => insertPlatformKey(tx, { ...row, id, hash: hashCredential(key) }),
    };
  });
}

/** Ends a key for good, by an operator. Errors: `key_not_found`; `invalid_field` when it has ended before. */
export function endPlatformKey(
  db: Database,
  context: OperatorContext,
  id: string,
): Promise<ModelChange> {
  return makeOperatorChange(db, context, lockKeys, async (tx) => {
    const key = (await listPlatformKeys(tx)).find((row) => row.id === id);
    if (!key) throw new NewDayError("key_not_found", { field: "id" });
    return {
      planned: {
        what: "key revoke",
        subject: id,
        before: { platform: key.platform, live: key.revokedAt === null },
        after: { platform: key.platform, live: false },
        accounts: 0n,
      },
      apply: () => revokePlatformKey(tx, id),
    };
  });
}

async function lockKeys(tx: Transaction): Promise<void> {
  await tx.query("lock table newday.platform_keys in share row exclusive mode");
}

function newKey(): { id: string; key: string } {
  const key = `nd_key_${randomBytes(KEY_BYTES).toString("base64url")}`;
  return { id: `key_${uuidv7()}`, key };
}

/** The key as its row has it. Errors: those of `createPlatformKey`. */
async function requireKeyForm(
  db: Queryable,
  { platform, role = "platform", scopes, label = "" }: KeyWanted,
): Promise<Required<KeyWanted>> {
  refuseSuspended(await requireStoredPlatform(db, platform, "platform"));
  refuseUnless(role === "platform" || platform === HOME_PLATFORM, "platform", {
    en: `of an operator's key is ${HOME_PLATFORM}`,
    zh: `运维密钥的平台必须是 ${HOME_PLATFORM}`,
  });
  refuseUnless(scopes.length > 0, "scopes", {
    en: "names at least one scope",
    zh: "至少要有一个权限",
  });
  const allowed: readonly string[] = scopesFor(role);
  for (const scope of scopes)
    refuseUnless(allowed.includes(scope), "scopes", {
      en: `are of: ${allowed.join(", ")}`,
      zh: `只能是：${allowed.join("、")}`,
    });
  refuseUnless(label.length <= LABEL_LENGTH_MAX, "label", {
    en: `has at most ${LABEL_LENGTH_MAX} letters`,
    zh: `最多 ${LABEL_LENGTH_MAX} 个字符`,
  });
  return { platform, role, scopes, label };
}

function refuseUnless(holds: boolean, field: string, rule: Message): void {
  if (!holds) throw new NewDayError("invalid_field", { field, rule });
}
