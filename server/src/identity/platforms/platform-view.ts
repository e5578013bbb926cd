/** A platform as operators see it and as their log records it: without any secret. */
import { calculateJwkThumbprint, type JWK } from "jose";
import type { WithOnly } from "../../lib/nothing-else.ts";
import type { Platform, PlatformSecret } from "./platform-directory.ts";

/** The state of a stored secret; `unreadable`: this process has not its key. */
export type SecretState = "live" | "ending" | "retired" | "withdrawn";

/** As `--starter-budget` takes it. */
const UNLIMITED = "unlimited";

export function stateOfSecret(
  { validUntil, withdrawnAt }: Pick<PlatformSecret, "validUntil" | "withdrawnAt">,
  now = Date.now(),
): SecretState {
  if (withdrawnAt !== null) return "withdrawn";
  if (validUntil === null) return "live";
  return validUntil.getTime() > now ? "ending" : "retired";
}

/** Members that the view shows; and those that it leaves out: its subject, its age, marks of shown keys. */
type ViewedMember =
  | "status"
  | "suspendedReason"
  | "hasBareIds"
  | "loginPolicy"
  | "origins"
  | "jwks"
  | "jwksUrl"
  | "starterGrant"
  | "starterBudgetPerDay"
  | "compatibilityCap"
  | "compatibilityAccepted"
  | "secrets"
  | "name"
  | "createdAt"
  | "keyMarks";

export type PlatformView = {
  readonly status: Platform["status"];
  readonly suspendedReason: string | null;
  readonly bareIds: boolean;
  readonly login: Platform["loginPolicy"];
  readonly origins: string[];
  /** Id, algorithm and thumbprint of each key. */
  readonly jwks: string[] | null;
  readonly jwksUrl: string | null;
  /** Minor units. */
  readonly starterGrant: string;
  /** Minor units, or `unlimited`. */
  readonly starterBudgetPerDay: string;
  readonly compatibilityCap: string | null;
  readonly compatibilityAccepted: string | null;
  /** Mark and state of each. */
  readonly secrets: string[];
};

export async function viewPlatform(
  platform: WithOnly<Platform, ViewedMember>,
): Promise<PlatformView> {
  return {
    status: platform.status,
    suspendedReason: platform.suspendedReason,
    bareIds: platform.hasBareIds,
    login: platform.loginPolicy,
    origins: [...platform.origins],
    jwks: platform.jwks && (await Promise.all(platform.jwks.keys.map(viewKey))),
    jwksUrl: platform.jwksUrl,
    starterGrant: `${platform.starterGrant}`,
    starterBudgetPerDay: textOf(platform.starterBudgetPerDay) ?? UNLIMITED,
    compatibilityCap: textOf(platform.compatibilityCap),
    compatibilityAccepted: platform.compatibilityAccepted,
    secrets: viewSecrets(platform),
  };
}

/** With its thumbprint (RFC 7638), because a new key may have the `kid` of an old one. */
async function viewKey(key: JWK): Promise<string> {
  return `${key.kid ?? "-"} ${key.alg ?? ""} ${await calculateJwkThumbprint(key)}`;
}

export function viewSecrets({ secrets }: Pick<Platform, "secrets">): string[] {
  return secrets.map(viewSecret);
}

function viewSecret(secret: PlatformSecret): string {
  const state = stateOfSecret(secret);
  const until = state === "ending" ? ` until ${secret.validUntil?.toISOString()}` : "";
  const unreadable = secret.secret === undefined && state !== "withdrawn" ? " unreadable" : "";
  return `${secret.mark.toString("hex")} ${state}${until}${unreadable}`;
}

function textOf(amount: bigint | null): string | null {
  return amount === null ? null : `${amount}`;
}
