/** The reply of an erasure, planned or done. */
import type { Static } from "typebox";
import type { ErasurePlan } from "../../../privacy/erasure/erase-person.ts";
import type { Erasure } from "../schemas/schemas-privacy.ts";

export function toErasure(
  userId: string,
  result: { readonly erasedOn: string } | { readonly plan: ErasurePlan },
): Static<typeof Erasure> {
  if ("erasedOn" in result) return { userId, status: "erased", erasedOn: result.erasedOn };
  const { blockers, property } = result.plan;
  const { holds, listings, gifts, items, sessions, consents, entries, purchases } = property;
  return {
    userId,
    status: "planned",
    blockers: [...blockers],
    balances: { ...property.balances },
    open: { holds: Number(holds), listings: Number(listings), gifts: Number(gifts) },
    goes: { items: Number(items), sessions: Number(sessions), consents: Number(consents) },
    stays: { entries: `${entries}`, purchases: `${purchases}` },
  };
}
