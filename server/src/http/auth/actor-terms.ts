/** How the books name a user who acts, through which linked identity, and what a compatibility login may spend. */
import type { OperationTerms } from "../../engine/operation.ts";
import type { LinkedIdentity } from "../../identity/sessions.ts";

interface Actor {
  readonly userId: string;
  /** null unless a compatibility login opened the session. */
  readonly spendingCap: bigint | null;
}

/** Marks in the books what a compatibility login did. */
const UNVERIFIED_CALLER = "unverified:";

export function nameOfActor({ userId, spendingCap }: Actor): string {
  return spendingCap === null ? `user:${userId}` : `${UNVERIFIED_CALLER}${userId}`;
}

/** The caller is the user, also through a link: a request that is sent again from another login is posted once. */
export function termsOfActor({
  userId,
  spendingCap: cap,
  through,
}: Actor & { readonly through: LinkedIdentity | null }): Pick<
  OperationTerms,
  "spendingCap" | "through"
> {
  return {
    ...(cap === null ? {} : { spendingCap: { userId, cap } }),
    ...(through === null ? {} : { through: through.userId }),
  };
}
