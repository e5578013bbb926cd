/** Refuses what a frozen user may not do; the one place that reads a freeze for a decision. */
import type { View } from "../../engine/operation.ts";
import { Refused } from "../../engine/refused.ts";
import {
  ownerFreezes,
  type FreezeSide,
  type UserFreeze,
  type UserFreezeRow,
} from "./user-freeze-rows.ts";

/** Parts of a posting that a freeze stops: paying, being paid or given something, acting on an item or a listing. */
export type FrozenPart = "debit" | "credit" | "items";

/** The operator's comes first: it is the stronger one. */
const SIDES: readonly FreezeSide[] = ["operator", "audit", "platform"];

/** What a posting may pass: the freezes of a side, or the end of an erased user's affairs. */
export type Override = FreezeSide | "erasure";

/** Whether the freeze holds at `now`; at the instant of its end it holds no more. */
export function holdsAt(freeze: UserFreeze | null, now: Date): freeze is UserFreeze {
  return freeze !== null && (freeze.until === null || freeze.until.getTime() > now.getTime());
}

/**
 * Throws `Refused` when a freeze in force, other than of the sides `despite`, stands against the part, or the user
 * was erased. The reason stays out of the refusal: it may be answered to another user.
 */
export function refuseFrozen(
  row: UserFreezeRow | undefined,
  part: FrozenPart,
  { now, despite = [] }: { readonly now: Date; readonly despite?: readonly Override[] | undefined },
): void {
  if (!row) return;
  if (row.erasedAs !== null && !despite.includes("erasure"))
    throw new Refused({ refuse: "user_erased", details: {} });
  for (const side of SIDES) {
    const freeze = row[side];
    if (!holdsAt(freeze, now) || despite.includes(side) || !blocks(freeze, part)) continue;
    throw new Refused({
      refuse: "user_frozen",
      details: {
        userId: row.userId,
        frozenBy: side,
        part,
        until: freeze.until?.toISOString() ?? null,
      },
    });
  }
}

function blocks({ debits, credits }: UserFreeze, part: FrozenPart): boolean {
  return part === "items" || (part === "debit" ? debits : credits);
}

/** The parts of a posting that are about one user. */
export interface OwnerPart {
  readonly userId: string;
  readonly part: FrozenPart;
}

/** As `refuseFrozen`, for the owners of items and listings. */
export function refuseFrozenOwners(
  view: View,
  owners: readonly OwnerPart[],
  terms: Parameters<typeof refuseFrozen>[2],
): void {
  if (owners.length === 0) return;
  const freezes = view.getAll(
    ownerFreezes,
    owners.map(({ userId }) => userId),
  );
  for (const [index, { part }] of owners.entries()) refuseFrozen(freezes[index], part, terms);
}
