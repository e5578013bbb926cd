/** Gives back what a confiscation holds, to whom it was taken from. */
import { defineOperationType, operationOf } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { NewDayError } from "../../errors/errors.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { items, moveItem } from "../../items/items/item-rows.ts";
import { accountId, accounts, currencyOf } from "../../ledger/accounts/accounts.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";
import { confiscations, listConfiscations, type HeldItem } from "./confiscation-rows.ts";

export interface GiveBackPayload {
  readonly id: string;
  readonly userId: string;
  /** Constants of the confiscation. */
  readonly account: bigint | null;
  readonly held: readonly HeldItem[];
  readonly holding: bigint;
}

export const giveBackOperation = defineOperationType<GiveBackPayload>()({
  name: "confiscation_return",
  readWriteSet: ({ id, account, held, holding }) => [
    rowKey(confiscations, id),
    ...(account === null
      ? []
      : [account, accountId(holding, currencyOf(account))].map((one) => rowKey(accounts, one))),
    ...held.map((item) => rowKey(items, item.id)),
  ],
  decide({ id, userId, account, held, holding }, view, context) {
    const row = view.get(confiscations, id);
    if (!row) return { refuse: "confiscation_not_found" };
    if (row.returnedAt !== null) return { refuse: "already_so" };
    const { amount, locked } = row;
    const back = held.map((one) => {
      const item = view.get(items, one.id);
      if (!item) throw new Error(`the confiscated item ${one.id} has no row`);
      const patch = { ownerId: userId, state: "owned", locked: one.locked } as const;
      return change(items, item.id, moveItem(item, patch, { action: "give-back", context }));
    });
    return {
      legs:
        account === null
          ? []
          : [
              { account: accountId(holding, currencyOf(account)), amount: -amount },
              { account, amount },
            ],
      locks: account === null || locked === 0n ? [] : [{ account, amount: locked }],
      overrides: ["platform", "operator", "audit"] as const,
      related: id,
      changes: [change(confiscations, id, { ...row, returnedAt: context.now }), ...back],
    };
  },
});

/** Errors: `confiscation_not_found`, `invalid_field`; in the engine `already_so`, `user_erased`. */
export const giveBackAct: ActKind<{ readonly id: string; readonly reason: string }, null> = {
  what: "confiscation return",
  role: "economist",
  async prepare({ db, directory }, context, { id, reason }) {
    requireReason(reason);
    const [row] = await listConfiscations(db, { id, limit: 1 });
    if (!row) throw new NewDayError("confiscation_not_found", { field: "id" });
    const { userId, account, amount, currency, items: held } = row;
    const holding = await directory.systemWallet(HOME_PLATFORM, "escrow");
    const payload = { id, userId, account, held, holding };
    const ids = held.map((item) => item.id);
    const money = account === null ? {} : { currency, amount: `${amount}` };
    return {
      subject: id,
      userId,
      reason,
      operation: operationOf(giveBackOperation, payload, termsOfAct(context)),
      weigh: () => "never",
      describe: () => ({
        before: { status: "held", ...money, items: ids },
        after: { status: "returned", ...money, items: ids },
      }),
    };
  },
};
