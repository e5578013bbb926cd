/** Releases amounts of expired holds at the moment of a payment. */
import { accounts, availableOf, changedAccount, type AccountRow } from "../accounts/accounts.ts";
import { change, type RowChange } from "../../engine/resource.ts";
import type { View } from "../../engine/operation.ts";
import { giveBackHolds } from "../../policy/limits/give-back-hold.ts";
import { expiringHolds, hasExpired, holds, remainingOf, type HoldRow } from "./holds.ts";

/** The part of an account's `held` that is free already. */
export function expiredReserve(view: View, account: bigint, now: Date): bigint {
  return expiredHolds(view, account, now).reduce((sum, hold) => sum + remainingOf(hold), 0n);
}

/** The amount that an account can pay: available, plus the part held by expired holds. */
export function spendableOf(view: View, account: AccountRow, now: Date): bigint {
  return availableOf(account) + (account.held > 0n ? expiredReserve(view, account.id, now) : 0n);
}

/** The account without its expired holds; both are written with the batch. */
export function releaseExpiredHolds(
  view: View & { put(change: RowChange): void },
  account: AccountRow,
  now: Date,
): AccountRow {
  const expired = expiredHolds(view, account.id, now);
  if (expired.length === 0) return account;
  const released = expired.reduce((sum, hold) => sum + remainingOf(hold), 0n);
  for (const hold of expired) view.put(change(holds, hold.id, { ...hold, state: "expired" }));
  giveBackHolds(
    view,
    expired.map((hold) => ({ id: hold.id, amount: remainingOf(hold) })),
  );
  const current = changedAccount(account, { held: account.held - released });
  view.put(change(accounts, account.id, current));
  return current;
}

/** Each hold is read as the earlier operations of the batch left it. */
function expiredHolds(view: View, account: bigint, now: Date): HoldRow[] {
  const ids = view.get(expiringHolds, account)?.holdIds ?? [];
  return view
    .getAll(holds, ids)
    .flatMap((hold) => (hold?.state === "open" && hasExpired(hold, now) ? [hold] : []));
}
