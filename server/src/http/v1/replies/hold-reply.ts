/** Holds as /api/v1 shows them, within the caller's authorization scope. */
import type { Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { walletOf } from "../../../ledger/accounts/accounts.ts";
import type { Queryable } from "../../../db/database.ts";
import { findHold, isCallerOf, type HoldView } from "../../../ledger/holds/hold-view-queries.ts";
import type { Caller } from "../app/caller.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import type { HoldSchema } from "../schemas/schemas-holds.ts";
import type { Services } from "../../context/services.ts";

/** Errors: `hold_not_found`, also for holds outside the caller's scope that it has not opened. */
export async function requireHold(
  { db, directory }: Services,
  caller: Caller,
  id: string,
): Promise<HoldView> {
  const hold = await findHold(db, id);
  const owner = hold && (await directory.walletsOf([hold.account])).get(walletOf(hold.account));
  if (!hold || !owner || !(isWithinReach(caller, owner) || (await hasOpened(db, caller, hold))))
    throw new NewDayError("hold_not_found", { field: "id" });
  return hold;
}

/** With a consent, a platform reserves money of another platform's user; that hold is its own too. */
async function hasOpened(db: Queryable, caller: Caller, { id }: HoldView): Promise<boolean> {
  return caller.kind === "key" && (await isCallerOf(db, id, caller.name));
}

export async function toHold(
  { directory }: Pick<Services, "directory">,
  hold: HoldView,
): Promise<Static<typeof HoldSchema>> {
  const { account, toAccount, amount, captured, state, expiresAt, createdAt } = hold;
  const accounts = toAccount === null ? [account] : [account, toAccount];
  const wallets = await directory.walletsOf(accounts);
  return {
    id: hold.id,
    from: wallets.get(walletOf(account))?.userId ?? "",
    to: toAccount === null ? null : (wallets.get(walletOf(toAccount))?.userId ?? null),
    currency: await directory.codeOf(account),
    amount: `${amount}`,
    captured: `${captured}`,
    remaining: `${state === "open" ? amount - captured : 0n}`,
    state,
    expiresAt: expiresAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
