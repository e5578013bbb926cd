/** Lets go what expired holds still reserve, at the moment when the money is wanted. */
import { accounts, type AccountRow } from "./accounts.ts";
import { change, type RowChange } from "./engine/resource.ts";
import type { View } from "./engine/operation.ts";
import { hasExpired, holds, openHolds, remainingOf } from "./holds.ts";

/** The account without its expired holds; both are written with the batch. */
export function releaseExpiredHolds(
  view: View & { put(change: RowChange): void },
  account: AccountRow,
  now: Date,
): AccountRow {
  let released = 0n;
  for (const id of view.get(openHolds, account.id)?.holdIds ?? []) {
    const hold = view.get(holds, id);
    if (!hold || hold.state !== "open" || !hasExpired(hold, now)) continue;
    released += remainingOf(hold);
    view.put(change(holds, id, { ...hold, state: "expired" }));
  }
  if (released === 0n) return account;
  const current = { ...account, held: account.held - released };
  view.put(change(accounts, account.id, current));
  return current;
}
