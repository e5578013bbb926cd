/**
 * Platforms by operators. What lets someone act as the users of a platform that has some (its secret, its public
 * keys, its login policy) needs a second person; the secret is shown to the one who approves.
 */
import type { JsonObject } from "../../engine/operation.ts";
import { requirePublicKeys } from "../../identity/platforms/jwks.ts";
import {
  addPlatform,
  resumePlatform,
  setPlatform,
  suspendPlatform,
  type PlatformValues,
} from "../../identity/platforms/platform-changes.ts";
import type { PlatformLoginPolicy } from "../../identity/platforms/platform-queries.ts";
import {
  endPlatformSessions,
  rotatePlatformSecret,
} from "../../identity/platforms/secret-changes.ts";
import { always, never, type SettingKind } from "./setting.ts";

/** Minor units as decimal strings; absent members stay as they are. */
export type WantedPlatform = {
  readonly name: string;
  readonly login?: PlatformLoginPolicy;
  readonly origins?: readonly string[];
  /** A JSON Web Key Set. */
  readonly jwks?: JsonObject;
  readonly jwksUrl?: string;
  readonly starterGrant?: string;
  /** null: without a bound. */
  readonly starterBudgetPerDay?: string | null;
  readonly compatibilityCap?: string;
  /** The sentence that says what the compatibility login permits. */
  readonly compatibilityAccepted?: string;
  readonly reason: string;
};

export const addPlatformSetting: SettingKind<WantedPlatform> = {
  what: "platform add",
  role: "owner",
  subjectOf: nameOf,
  needsApproval: never,
  perform: ({ db, config }, context, request) => {
    const { secretsKey, jwksNetworks } = config;
    const wanted = { ...valuesOf(request), jwksNetworks, name: request.name };
    return addPlatform(db, context, secretsKey, wanted);
  },
};

export type ChangedPlatform = WantedPlatform & {
  /** How long the old secrets go on proving logins, when public keys replace them. */
  readonly keepOldForSeconds: number;
};

export const setPlatformSetting: SettingKind<ChangedPlatform> = {
  what: "platform set",
  role: "owner",
  subjectOf: nameOf,
  needsApproval: ({ login, jwks, jwksUrl }) =>
    login !== undefined || jwks !== undefined || jwksUrl !== undefined,
  perform: ({ db, config }, context, request) => {
    const { secretsKey, jwksNetworks } = config;
    const keepOldForMs = request.keepOldForSeconds * 1_000;
    const wanted = { ...valuesOf(request), jwksNetworks, name: request.name, keepOldForMs };
    return setPlatform(db, context, secretsKey, wanted);
  },
};

export type RotatedSecret = {
  readonly name: string;
  /** 0: the old secrets are withdrawn at once, and their sessions end. */
  readonly keepOldForSeconds: number;
  readonly reason: string;
};

export const rotateSecretSetting: SettingKind<RotatedSecret> = {
  what: "platform rotate-secret",
  role: "owner",
  subjectOf: nameOf,
  needsApproval: always,
  perform: ({ db, config }, context, { name, keepOldForSeconds }) =>
    rotatePlatformSecret(db, context, config.secretsKey, {
      name,
      keepOldForMs: keepOldForSeconds * 1_000,
    }),
};

export type NamedPlatform = { readonly name: string; readonly reason: string };

export const suspendPlatformSetting: SettingKind<NamedPlatform> = {
  what: "platform suspend",
  role: "owner",
  subjectOf: nameOf,
  needsApproval: never,
  perform: ({ db, config }, context, { name, reason }) =>
    suspendPlatform(db, { ...context, reason }, config.secretsKey, name),
};

export const resumePlatformSetting: SettingKind<NamedPlatform> = {
  what: "platform resume",
  role: "owner",
  subjectOf: nameOf,
  needsApproval: never,
  perform: ({ db, config }, context, { name }) =>
    resumePlatform(db, context, config.secretsKey, name),
};

export const endPlatformSessionsSetting: SettingKind<NamedPlatform> = {
  what: "platform end-sessions",
  role: "owner",
  subjectOf: nameOf,
  needsApproval: never,
  perform: ({ db, config }, context, { name }) =>
    endPlatformSessions(db, context, config.secretsKey, name),
};

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

/** Public keys without a policy mean the policy of public keys, as with the command. */
function valuesOf(wanted: WantedPlatform): PlatformValues {
  const { login, origins, jwks, jwksUrl, starterGrant, starterBudgetPerDay } = wanted;
  const { compatibilityCap, compatibilityAccepted } = wanted;
  const loginPolicy = login ?? (jwks || jwksUrl ? "jwks" : undefined);
  return {
    ...(loginPolicy && { loginPolicy }),
    ...(origins && { origins }),
    ...(jwks && { jwks: requirePublicKeys(jwks) }),
    ...(jwksUrl !== undefined && { jwksUrl }),
    ...(starterGrant !== undefined && { starterGrant: BigInt(starterGrant) }),
    ...(starterBudgetPerDay !== undefined && {
      starterBudgetPerDay: starterBudgetPerDay === null ? null : BigInt(starterBudgetPerDay),
    }),
    ...(compatibilityCap !== undefined && { compatibilityCap: BigInt(compatibilityCap) }),
    ...(compatibilityAccepted !== undefined && { compatibilityAccepted }),
  };
}
