/**
 * Changes of platforms by operators: add, set, suspend, resume. Each is planned, shown, and recorded with its
 * author; every server follows at once.
 */
import type { Database, Transaction } from "../../db/database.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "../operator-changes/operator-changes.ts";
import { requireCompatibility } from "./compatibility.ts";
import { createPlatformSecret } from "./create-secret.ts";
import { readPlatforms, refuseUnknownPlatform, type Platform } from "./platform-directory.ts";
import { HOME_PLATFORM } from "./platform-ids.ts";
import {
  endPlatformSecret,
  findForeignIdWithPrefix,
  insertPlatform,
  insertPlatformSecret,
  lockPlatforms,
  NEW_PLATFORM,
  updatePlatform,
  type PlatformWanted,
} from "./platform-queries.ts";
import {
  requirePlatformForm,
  requirePlatformName,
  requirePlatformValues,
  requirePublicUrl,
  requireSecretForm,
  requireStarterBudget,
} from "./platform-rules.ts";
import type { AllowedNetworks } from "./public-fetch.ts";
import { viewPlatform } from "./platform-view.ts";
import { readKeyring, sealSecret, type SecretsKeySource } from "./secrets-key.ts";

/** The values that operators give; the others follow from them. */
export type PlatformValues = Partial<Omit<PlatformWanted, "name" | "status" | "hasBareIds">>;

/** What a change is checked against; `jwksNetworks` are those of the servers' NEWDAY_JWKS_NETWORKS. */
interface GivenValues extends PlatformValues {
  readonly name: string;
  readonly jwksNetworks?: AllowedNetworks;
}

/** Adds a platform with a secret, unless its users prove themselves by public keys. */
export async function addPlatform(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  { name, secret: given, jwksNetworks, ...values }: GivenValues & { secret?: string },
): Promise<ModelChange> {
  requirePlatformName(name);
  const wanted = { ...NEW_PLATFORM, ...values, name };
  requirePlatformValues(wanted);
  requireGivenValues(values, { jwksNetworks, before: NEW_PLATFORM });
  requireCompatibility(wanted);
  const needsSecret = wanted.loginPolicy === "hmac";
  const secret = needsSecret ? (given ?? createPlatformSecret()) : undefined;
  if (secret !== undefined) requireSecretForm(secret);
  const sealed = secret === undefined ? undefined : sealSecret(readKeyring(key), name, secret);
  return changePlatforms(db, context, key, async (tx, platforms) => {
    requirePlatformForm(!platforms.has(name), "name", {
      en: `${name} is a platform already`,
      zh: `平台 ${name} 已存在`,
    });
    await refuseCollision(tx, name);
    const secrets = sealed
      ? [{ mark: sealed.mark, secret, validUntil: null, withdrawnAt: null }]
      : [];
    const after = await viewPlatform({ ...wanted, createdAt: new Date(), keyMarks: [], secrets });
    return {
      planned: {
        ...named("platform add", name, null, after),
        ...(given === undefined && secret !== undefined && !context.dryRun ? { secret } : {}),
      },
      async apply() {
        await insertPlatform(tx, wanted);
        if (sealed)
          await insertPlatformSecret(tx, { ...sealed, platform: name, source: "command" });
      },
    };
  });
}

/**
 * Changes values of a platform; those left out stay. With the policy `jwks` the secrets end after
 * `keepOldForMs`, and their sessions go on.
 */
export function setPlatform(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  { name, keepOldForMs, jwksNetworks, ...values }: GivenValues & { keepOldForMs: number },
): Promise<ModelChange> {
  return changePlatforms(db, context, key, async (tx, platforms) => {
    const before = platforms.get(name) ?? refuseUnknownPlatform(name, "name");
    const given = withOneKeySource(values);
    // Each switch to it is accepted anew, also one with another cap.
    const isRenewed = given.loginPolicy !== undefined || given.compatibilityCap !== undefined;
    const accepted = isRenewed ? { compatibilityAccepted: null } : {};
    const wanted = { ...before, ...accepted, ...given };
    requirePlatformValues(wanted);
    requireGivenValues(given, { jwksNetworks, before });
    requireCompatibility(wanted);
    const isMoved = wanted.loginPolicy === "jwks" && before.loginPolicy !== "jwks";
    const validUntil = new Date(Date.now() + keepOldForMs);
    const ending = isMoved ? before.secrets.filter(({ validUntil: end }) => end === null) : [];
    const secrets = before.secrets.map((one) =>
      ending.includes(one) ? { ...one, validUntil } : one,
    );
    requirePlatformForm(
      wanted.loginPolicy !== "hmac" || secrets.some(({ withdrawnAt }) => withdrawnAt === null),
      "login",
      { en: "hmac needs a secret", zh: "hmac 需要密钥" },
      {
        en: `Make one first: newday platform rotate-secret ${name}.`,
        zh: `请先创建：newday platform rotate-secret ${name}`,
      },
    );
    return {
      planned: named(
        "platform set",
        name,
        await viewPlatform(before),
        await viewPlatform({ ...wanted, secrets }),
      ),
      async apply() {
        await updatePlatform(tx, wanted);
        for (const { mark } of ending)
          await endPlatformSecret(tx, { platform: name, mark, validUntil, isWithdrawn: false });
      },
    };
  });
}

/** Checks what only the values of this change must satisfy; those of before stay. */
function requireGivenValues(
  values: PlatformValues,
  {
    jwksNetworks = [],
    before,
  }: {
    readonly jwksNetworks: AllowedNetworks | undefined;
    readonly before: Pick<PlatformWanted, "starterBudgetPerDay">;
  },
): void {
  if (values.jwksUrl) requirePublicUrl(values.jwksUrl, jwksNetworks);
  requireStarterBudget(values, before.starterBudgetPerDay);
}

/** New keys replace the old ones, wherever those came from. */
function withOneKeySource(values: PlatformValues): PlatformValues {
  if (values.jwks) return { ...values, jwksUrl: null };
  return values.jwksUrl ? { ...values, jwks: null } : values;
}

/** Refuses the platform's logins, sessions and keys at once, until it is resumed. */
export function suspendPlatform(
  db: Database,
  context: OperatorContext & { readonly reason: string },
  key: SecretsKeySource,
  name: string,
): Promise<ModelChange> {
  return changeStatus(db, context, key, {
    what: "platform suspend",
    name,
    status: "suspended",
    suspendedReason: context.reason,
  });
}

export function resumePlatform(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  name: string,
): Promise<ModelChange> {
  const active = { status: "active", suspendedReason: null } as const;
  return changeStatus(db, context, key, { what: "platform resume", name, ...active });
}

async function changeStatus(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  {
    what,
    name,
    ...status
  }: { what: string; name: string } & Pick<PlatformWanted, "status" | "suspendedReason">,
): Promise<ModelChange> {
  requirePlatformForm(name !== HOME_PLATFORM, "name", {
    en: `${HOME_PLATFORM} is New Day itself, whose operators' keys would stop`,
    zh: `${HOME_PLATFORM} 是 New Day 自身，停用会使运维密钥失效`,
  });
  return changePlatforms(db, context, key, async (tx, platforms) => {
    const before = platforms.get(name) ?? refuseUnknownPlatform(name, "name");
    requirePlatformForm(before.status !== status.status, "name", {
      en: `${name} is ${status.status} already`,
      zh: `平台 ${name} 的状态已是 ${status.status}`,
    });
    const after = { ...before, ...status };
    return {
      planned: named(what, name, await viewPlatform(before), await viewPlatform(after)),
      apply: () => updatePlatform(tx, after),
    };
  });
}

/** Serialises operators, and reads the platforms as they are. */
export function changePlatforms(
  db: Database,
  context: OperatorContext,
  key: SecretsKeySource,
  plan: (
    tx: Transaction,
    platforms: ReadonlyMap<string, Platform>,
  ) => Promise<{ planned: ModelChange; apply: () => Promise<void> }>,
): Promise<ModelChange> {
  return makeOperatorChange(db, context, lockPlatforms, async (tx) =>
    plan(tx, await readPlatforms(tx, { key, environment: new Map() })),
  );
}

/** Before the row there was no prefix: the id of another platform's user may begin with it. */
async function refuseCollision(tx: Transaction, name: string): Promise<void> {
  const example = await findForeignIdWithPrefix(tx, name);
  requirePlatformForm(
    example === undefined,
    "name",
    {
      en: `is the beginning of ids of other platforms' users, such as ${example}`,
      zh: `是其他平台用户 ID 的开头，例如 ${example}`,
    },
    { en: "Choose another name.", zh: "请使用其他名称" },
  );
}

function named(
  what: string,
  subject: string,
  before: ModelChange["before"],
  after: ModelChange["after"],
): ModelChange {
  return { what, subject, before, after, accounts: 0n };
}
