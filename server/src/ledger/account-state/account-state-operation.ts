/**
 * Freezing, unfreezing, closing and reopening accounts, money untouched. A platform and the operators
 * of New Day each set and lift their own restrictions; the account obeys both.
 */
import { accounts, changedAccount, type AccountRow } from "../accounts/accounts.ts";
import {
  CLOSED,
  CREDITS_FROZEN,
  DEBITS_FROZEN,
  flagsOf,
  restrictionsOf,
  MARKS,
  type RestrictionOwner,
} from "../accounts/account-restrictions.ts";
import { accountRow } from "../transfers/apply-posting.ts";
import type { Effects } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { expiredReserve } from "../holds/expired-holds.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface AccountPayload {
  readonly account: bigint;
  /** True for an operator of New Day, false for a platform. */
  readonly byOperator: boolean;
}

export interface SetFreezePayload extends AccountPayload {
  /** Blocks outgoing money. */
  readonly debits: boolean;
  /** Blocks incoming money. */
  readonly credits: boolean;
}

/** Sets both directions of the caller's own freeze; false lifts it. */
export const setFreezeOperation = defineOperationType<SetFreezePayload>()({
  name: "set_freeze",
  readWriteSet: ({ account }) => [rowKey(accounts, account)],
  decide({ account, debits, credits, byOperator, ...unread }, view) {
    unread satisfies NothingElse;
    const freeze = (debits ? DEBITS_FROZEN : 0) | (credits ? CREDITS_FROZEN : 0);
    return setOwn(accountRow(view, account), byOperator, (own) => (own & CLOSED) | freeze);
  },
});

/** Only an empty account can be closed; a closed one neither pays nor is paid. */
export const closeAccountOperation = defineOperationType<AccountPayload>()({
  name: "close_account",
  readWriteSet: ({ account }) => [rowKey(accounts, account)],
  decide({ account, byOperator, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const row = accountRow(view, account);
    if (restrictionsOf(row.flags)[ownerOf(byOperator)] & CLOSED)
      return { refuse: "account_closed" };
    const reserved = row.held > 0n ? row.held - expiredReserve(view, account, now) : 0n;
    if (row.balance !== 0n || row.claim !== 0n || reserved > 0n)
      return { refuse: "account_not_empty" };
    return setOwn(row, byOperator, (own) => own | CLOSED);
  },
});

/** Lifts the caller's own closing; the account stays closed while the other side's closing stands. */
export const reopenAccountOperation = defineOperationType<AccountPayload>()({
  name: "reopen_account",
  readWriteSet: ({ account }) => [rowKey(accounts, account)],
  decide({ account, byOperator, ...unread }, view) {
    unread satisfies NothingElse;
    return setOwn(accountRow(view, account), byOperator, (own) => own & ~CLOSED);
  },
});

function ownerOf(byOperator: boolean): RestrictionOwner {
  return byOperator ? "operator" : "platform";
}

function setOwn(
  row: AccountRow,
  byOperator: boolean,
  next: (own: number) => number,
): Required<Pick<Effects, "changes">> {
  const restrictions = restrictionsOf(row.flags);
  const owner = ownerOf(byOperator);
  const kept = row.flags & MARKS;
  const flags = kept | flagsOf({ ...restrictions, [owner]: next(restrictions[owner]) });
  return { changes: [change(accounts, row.id, changedAccount(row, { flags }))] };
}
