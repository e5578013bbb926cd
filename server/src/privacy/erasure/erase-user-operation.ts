/**
 * Begins the erasure of a user: takes what is left of their money, and marks their row of freezes, which every
 * posting of every process reads. From its commit on nothing is posted for them but the rest of the erasure.
 */
import type { Effects, Leg, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { logAct, type ActRow } from "../../identity/operator-changes/act-rows.ts";
import {
  accountId,
  accounts,
  changedAccount,
  currencyOf,
  type AccountRow,
} from "../../ledger/accounts/accounts.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import { logChange } from "../../policy/changes/policy-changes.ts";
import {
  ownerFreezes,
  userFreezes,
  type UserFreezeRow,
} from "../../policy/user-freezes/user-freeze-rows.ts";

export interface EraseUserPayload {
  readonly wallet: bigint;
  readonly userId: string;
  /** `erased:` and random digits. */
  readonly erasedAs: string;
  /** Every account of the wallet, as read before. */
  readonly accounts: readonly bigint[];
  /** Takes what is left; otherwise a balance refuses. */
  readonly forfeits: boolean;
  /** Wallet number of New Day's fees, which receive it: no platform gains by an erasure. */
  readonly fees: bigint;
  readonly reason: string;
  readonly overrides: NonNullable<Effects["overrides"]>;
  /** The operator's act; null without one. */
  readonly act: ActRow | null;
}

export const eraseUserOperation = defineOperationType<EraseUserPayload>()({
  name: "erase_user",
  readWriteSet: (payload) => [
    rowKey(userFreezes, payload.wallet),
    rowKey(ownerFreezes, payload.userId),
    ...payload.accounts.flatMap((id) => [
      rowKey(accounts, id),
      rowKey(accounts, accountId(payload.fees, currencyOf(id))),
    ]),
  ],
  decide(payload, view, context) {
    const { wallet, userId, erasedAs, reason, forfeits, overrides, ...more } = payload;
    const { accounts: ids, fees, act, ...unread } = more;
    unread satisfies NothingElse;
    const rows = view.getAll(accounts, ids).flatMap((row) => row ?? []);
    if (rows.some(({ balance, held }) => held > 0n || balance < 0n || (balance > 0n && !forfeits)))
      return { refuse: "erasure_blocked", details: {} };
    const known = knownFreezes(view, { wallet, userId });
    // Another request was first.
    if (known.erasedAs !== null && known.erasedAs !== erasedAs) return { refuse: "user_erased" };
    const row = { ...known, erasedAs };
    const subject = `erasure:${erasedAs}`;
    return {
      changes: [
        ...rows.flatMap(withoutClaim),
        change(userFreezes, wallet, row),
        change(ownerFreezes, userId, row),
        logChange(context, {
          what: "erasure",
          subject,
          reason,
          before: null,
          after: { property: forfeits ? "forfeit" : "refuse" },
        }),
        ...(act ? [logAct(context.transferId, act)] : []),
      ],
      legs: rows.flatMap((account) => takenFrom(account, fees)),
      paysLocked: true,
      overrides,
    };
  },
});

function knownFreezes(
  view: View,
  { wallet, userId }: Pick<EraseUserPayload, "wallet" | "userId">,
): UserFreezeRow {
  const none = {
    wallet,
    userId,
    platform: null,
    operator: null,
    audit: null,
    erasedAs: null,
    revision: 0n,
  };
  return view.get(userFreezes, wallet) ?? none;
}

function withoutClaim(account: AccountRow) {
  return account.claim > 0n
    ? [change(accounts, account.id, changedAccount(account, { claim: 0n }))]
    : [];
}

function takenFrom({ id, balance }: AccountRow, fees: bigint): Leg[] {
  if (balance === 0n) return [];
  return [
    { account: id, amount: -balance },
    { account: accountId(fees, currencyOf(id)), amount: balance },
  ];
}
