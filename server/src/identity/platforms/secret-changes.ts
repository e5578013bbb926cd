/** Changes of secrets by operators: rotation, the key that encrypts them, and the end of sessions. */
import type { Database, Transaction } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "../operator-changes/operator-changes.ts";
import { createPlatformSecret } from "./create-secret.ts";
import { changePlatforms } from "./platform-changes.ts";
import { liveSecrets, refuseUnknownPlatform, type PlatformSecret } from "./platform-directory.ts";
import {
  countSessionsOfMarks,
  endPlatformSecret,
  insertPlatformSecret,
  listPlatformSecrets,
  lockPlatforms,
  revokeSessionsOfPlatform,
  updateSealedSecret,
} from "./platform-queries.ts";
import { requirePlatformForm, requireSecretForm } from "./platform-rules.ts";
import { viewSecrets } from "./platform-view.ts";
import {
  createSecretsKey,
  openSecret,
  readKeyring,
  sealSecret,
  textsOf,
  writeKeyFile,
  type Keyring,
  type SealedSecret,
  type SecretsKeySource,
} from "./secrets-key.ts";

export interface RotationWanted {
  readonly name: string;
  /** 0: the old secrets are withdrawn at once, and their sessions end. */
  readonly keepOldForMs: number;
  /** A new random one by default. */
  readonly secret?: string | undefined;
}

/** A new secret proves logins at once; the one before it goes on as long as it is kept. */
export async function rotatePlatformSecret(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  { name, keepOldForMs, secret: given }: RotationWanted,
): Promise<ModelChange> {
  const secret = given ?? createPlatformSecret();
  requireSecretForm(secret);
  const sealed = sealSecret(readKeyring(key), name, secret);
  return changePlatforms(db, context, key, async (tx, platforms) => {
    const before = platforms.get(name) ?? refuseUnknownPlatform(name, "name");
    requirePlatformForm(!before.secrets.some(({ mark }) => mark.equals(sealed.mark)), "secret", {
      en: "was a secret of this platform before",
      zh: "曾是该平台的密钥",
    });
    const ended = endOld(before.secrets, liveSecrets(before), keepOldForMs);
    const added = { mark: sealed.mark, secret, validUntil: null, withdrawnAt: null };
    const after = { ...before, secrets: [...ended.all, added] };
    const withdrawn = ended.changed.filter(({ withdrawnAt }) => withdrawnAt !== null);
    const sessions = await countSessionsOfMarks(
      tx,
      name,
      withdrawn.map(({ mark }) => mark),
    );
    return {
      planned: {
        what: "platform rotate-secret",
        subject: name,
        before: { secrets: viewSecrets(before), sessions: `${sessions}` },
        after: { secrets: viewSecrets(after), sessions: "0" },
        accounts: 0n,
        ...(given === undefined && !context.dryRun ? { secret } : {}),
      },
      async apply() {
        await insertPlatformSecret(tx, { ...sealed, platform: name, source: "command" });
        for (const { mark, validUntil, withdrawnAt } of ended.changed)
          await endPlatformSecret(tx, {
            platform: name,
            mark,
            validUntil,
            isWithdrawn: withdrawnAt !== null,
          });
      },
    };
  });
}

/**
 * Kept: the newest live secret goes on until the end of the overlap, an older one is retired now, so that two
 * are live. Withdrawn: every secret that is not withdrawn yet, retired ones included.
 */
function endOld(
  all: readonly PlatformSecret[],
  live: readonly PlatformSecret[],
  keepOldForMs: number,
): { all: PlatformSecret[]; changed: PlatformSecret[] } {
  const now = new Date();
  const kept = live.at(-1);
  const keptUntil = new Date(now.getTime() + keepOldForMs);
  const changed = new Map<PlatformSecret, PlatformSecret>();
  for (const one of all)
    if (keepOldForMs === 0) {
      if (one.withdrawnAt === null) changed.set(one, { ...one, validUntil: now, withdrawnAt: now });
    } else if (live.includes(one))
      changed.set(one, { ...one, validUntil: one === kept ? keptUntil : now });
  return { all: all.map((one) => changed.get(one) ?? one), changed: [...changed.values()] };
}

/** Secrets of one kind that are stored encrypted, such as the second factors of operators. */
export interface SealedStore {
  readonly list: (tx: Transaction) => Promise<readonly StoredSecret[]>;
  readonly update: (tx: Transaction, secret: StoredSecret) => Promise<void>;
}

/** `platform` is the owner that the ciphertext is bound to. */
export type StoredSecret = SealedSecret & { readonly platform: string };

/**
 * Encrypts every secret of platforms and of the other stores with the first key. The file of an embedded database gets a new key, and loses the old
 * ones when no secret needs them. Errors: `secrets_key_missing`, also for a secret that no key here opens.
 */
export async function rotateSecretsKey(
  db: Database,
  context: OperatorContext,
  source: SecretsKeySource,
  others: readonly SealedStore[],
): Promise<ModelChange> {
  const file = source.isMade ? source.file : undefined;
  const texts = textsOf(readKeyring(source));
  const wanted = file === undefined ? texts : [createSecretsKey(), ...texts];
  const write = (keys: readonly string[]) => {
    if (file !== undefined && !context.dryRun) writeKeyFile(file, keys);
  };
  // Servers read the file again with the rows, so both keys stand in it while the rows change.
  write(wanted);
  const keyring = readKeyring({ ...source, inline: wanted.join(",") });
  const change = await makeOperatorChange(db, context, lockPlatforms, (tx) =>
    planKey(tx, keyring, [PLATFORM_SECRETS, ...others]),
  );
  write(wanted.slice(0, 1));
  return change;
}

const PLATFORM_SECRETS: SealedStore = {
  // A withdrawn one proves nothing any more.
  list: async (tx) =>
    (await listPlatformSecrets(tx)).filter(({ withdrawnAt }) => withdrawnAt === null),
  update: updateSealedSecret,
};

async function planKey(tx: Transaction, keyring: Keyring, stores: readonly SealedStore[]) {
  const [first] = keyring.keys;
  if (!first) throw new NewDayError("secrets_key_missing", {});
  const all = await Promise.all(
    stores.map(async (store) => (await store.list(tx)).map((row) => ({ store, row }))),
  );
  const rows = all.flat();
  const stale = rows
    .filter(({ row }) => row.keyFingerprint !== first.fingerprint)
    .map(({ store, row }) => ({ store, row: sealAnew(keyring, row) }));
  const fingerprints = [...new Set(rows.map(({ row }) => row.keyFingerprint))].sort();
  return {
    planned: {
      what: "platform rotate-key",
      subject: `${stale.length} of ${rows.length} secrets`,
      before: { keys: fingerprints },
      after: { keys: rows.length > 0 ? [first.fingerprint] : [] },
      accounts: 0n,
    },
    async apply() {
      for (const { store, row } of stale) await store.update(tx, row);
    },
  };
}

/** Errors: `secrets_key_missing` for a secret that no key here opens. */
function sealAnew(keyring: Keyring, row: StoredSecret): StoredSecret {
  const { platform, keyFingerprint } = row;
  const secret = openSecret(keyring, row);
  if (secret !== undefined) return { ...sealSecret(keyring, platform, secret), platform };
  throw new NewDayError("secrets_key_missing", {
    platform,
    rule: {
      en: `a secret of ${platform} is stored under the key ${keyFingerprint}, which is not here`,
      zh: `${platform} 的密钥以 ${keyFingerprint} 加密，本进程没有该密钥`,
    },
  });
}

/** Ends every session of the platform's users at once; they log in again. */
export function endPlatformSessions(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  name: string,
): Promise<ModelChange> {
  return changePlatforms(db, context, key, async (tx, platforms) => {
    if (!platforms.has(name)) refuseUnknownPlatform(name, "name");
    const sessions = await countSessionsOfMarks(tx, name);
    return {
      planned: {
        what: "platform end-sessions",
        subject: name,
        before: { sessions: `${sessions}` },
        after: { sessions: "0" },
        accounts: 0n,
      },
      apply: () => revokeSessionsOfPlatform(tx, name),
    };
  });
}
