/** How the books name a user who acts, and what a compatibility login may spend. */
import type { OperationTerms } from "../../engine/operation.ts";

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

export function capOf({ userId, spendingCap: cap }: Actor): Pick<OperationTerms, "spendingCap"> {
  return cap === null ? {} : { spendingCap: { userId, cap } };
}
