/** The user whom an assertion names at the platform that signed it, and the one use of its nonce. */
import type { Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import {
  claimedPlatform,
  refuseAssertion,
  verifyAssertion,
  type Assertion,
  type AssertionRules,
} from "./assertion.ts";
import type { LoginPolicy } from "./login-policy.ts";
import { refuseSuspended, type Platform } from "./platforms/platform-directory.ts";
import { requireUserId } from "./platforms/user-id.ts";
import { requireOwnUserId } from "./platforms/user-naming.ts";
import { insertUsedAssertion } from "./user-queries.ts";

export interface AssertedUser {
  readonly platform: Platform;
  /** Public id; the user may be new. */
  readonly userId: string;
  readonly proof: Assertion;
}

/**
 * Verifies an assertion of any platform; its nonce is still unused afterwards. Errors: `invalid_token`,
 * `invalid_user_id`, `platform_suspended`, `proof_unavailable`.
 */
export async function identifyByAssertion(
  assertion: string,
  policy: LoginPolicy,
): Promise<AssertedUser> {
  const name = claimedPlatform(assertion);
  const platform = name === undefined ? undefined : await policy.platforms.find(name);
  if (!platform) throw refuseAssertion(noPlatform(name), policy.allowUnverified);
  const proof = await verifyAssertion(assertion, platform, assertionRulesOf(policy));
  const said = requireUserId(proof.externalId, "sub");
  const userId = await requireOwnUserId(policy.platforms, platform, said, "sub");
  refuseSuspended(platform);
  return { platform, userId, proof };
}

function noPlatform(name: string | undefined): Error {
  return new Error(
    name === undefined
      ? 'the assertion is no JWT with "iss"'
      : `"iss" is ${name}, which is no platform of New Day`,
  );
}

export function assertionRulesOf({ allowUnverified, readKeys }: LoginPolicy): AssertionRules {
  return { readKeys, tellsReason: allowUnverified };
}

/** Records the nonce, with the rest of the transaction. Errors: `invalid_token` for a used one. */
export async function useAssertionOnce(tx: Transaction, proof: Assertion): Promise<void> {
  if (await insertUsedAssertion(tx, proof)) return;
  throw new NewDayError("invalid_token", {
    field: "assertion",
    rule: { en: "was used before", zh: "已被使用过" },
  });
}
