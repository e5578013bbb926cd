/**
 * Freezing, unfreezing, closing and reopening accounts, money untouched. Only an operator lifts an
 * operator's state.
 */
import {
  accounts, BY_OPERATOR, changedAccount, CLOSED, CREDITS_FROZEN, DEBITS_FROZEN, type AccountRow,
} from "./accounts.ts"; // prettier-ignore
import { accountRow } from "../../engine/apply-posting.ts";
import type { Decision, Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, touch } from "../../engine/resource.ts";
import { expiredReserve } from "../holds/expired-holds.ts";

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

/** Sets both directions; false unfreezes. */
export const setFreezeOperation = defineOperationType<SetFreezePayload>({
  name: "set_freeze",
  touches: ({ account }) => [touch(accounts, account)],
  decide({ account, debits, credits, byOperator }, view) {
    const row = accountRow(view, account);
    const closed = row.flags & CLOSED;
    const state = closed | (debits ? DEBITS_FROZEN : 0) | (credits ? CREDITS_FROZEN : 0);
    return setState(row, state, byOperator);
  },
});

/** Only an empty account can be closed; a closed one neither pays nor is paid. */
export const closeAccountOperation = defineOperationType<AccountPayload>({
  name: "close_account",
  touches: ({ account }) => [touch(accounts, account)],
  decide({ account, byOperator }, view, { now }) {
    const row = accountRow(view, account);
    if (row.flags & CLOSED) return { refuse: "account_closed" };
    const reserved = row.held > 0n ? row.held - expiredReserve(view, account, now) : 0n;
    if (row.balance !== 0n || reserved > 0n) return { refuse: "account_not_empty" };
    return setState(row, row.flags | CLOSED, byOperator);
  },
});

export const reopenAccountOperation = defineOperationType<AccountPayload>({
  name: "reopen_account",
  touches: ({ account }) => [touch(accounts, account)],
  decide({ account, byOperator }, view) {
    const row = accountRow(view, account);
    return setState(row, row.flags & ~CLOSED, byOperator);
  },
});

function setState(row: AccountRow, state: number, byOperator: boolean): Decision<null> {
  if ((row.flags & BY_OPERATOR) !== 0 && !byOperator) return SET_BY_OPERATOR;
  const set = state & ~BY_OPERATOR;
  const flags = byOperator && set !== 0 ? set | BY_OPERATOR : set;
  return { changes: [change(accounts, row.id, changedAccount(row, { flags }))] };
}

const SET_BY_OPERATOR: Refusal = {
  refuse: "forbidden",
  details: {
    field: "currency",
    rule: "names an account that an operator of New Day has frozen or closed",
    ruleZh: "对应的账户已被 New Day 运营方冻结或关闭",
    remedy: "ask an operator of New Day to lift it",
  },
};
