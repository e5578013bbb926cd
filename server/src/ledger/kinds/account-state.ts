/** Freezing, unfreezing, closing and reopening accounts. None of them moves money. */
import { accounts, changedAccount, CLOSED, CREDITS_FROZEN, DEBITS_FROZEN } from "../accounts.ts";
import { accountRow } from "../engine/apply-posting.ts";
import type { OperationKind } from "../engine/operation.ts";
import { change, touch } from "../engine/resource.ts";
import { expiredReserve } from "../expired-holds.ts";

export interface SetFreezePayload {
  readonly account: bigint;
  /** Whether money may no longer leave. */
  readonly debits: boolean;
  /** Whether money may no longer arrive. */
  readonly credits: boolean;
}

/** Sets both directions; false lifts what was frozen. */
export const setFreeze: OperationKind<SetFreezePayload> = {
  name: "set_freeze",
  touches: ({ account }) => [touch(accounts, account)],
  decide({ account, debits, credits }, view) {
    const row = accountRow(view, account);
    const closed = row.flags & CLOSED;
    const flags = closed | (debits ? DEBITS_FROZEN : 0) | (credits ? CREDITS_FROZEN : 0);
    return { changes: [change(accounts, account, changedAccount(row, { flags }))] };
  },
};

export interface AccountPayload {
  readonly account: bigint;
}

/** Only an empty account can be closed; a closed one neither pays nor is paid. */
export const closeAccount: OperationKind<AccountPayload> = {
  name: "close_account",
  touches: ({ account }) => [touch(accounts, account)],
  decide({ account }, view, { now }) {
    const row = accountRow(view, account);
    if (row.flags & CLOSED) return { refuse: "account_closed" };
    const reserved = row.held > 0n ? row.held - expiredReserve(view, account, now) : 0n;
    if (row.balance !== 0n || reserved > 0n) return { refuse: "account_not_empty" };
    return {
      changes: [change(accounts, account, changedAccount(row, { flags: row.flags | CLOSED }))],
    };
  },
};

export const reopenAccount: OperationKind<AccountPayload> = {
  name: "reopen_account",
  touches: ({ account }) => [touch(accounts, account)],
  decide({ account }, view) {
    const row = accountRow(view, account);
    return {
      changes: [change(accounts, account, changedAccount(row, { flags: row.flags & ~CLOSED }))],
    };
  },
};
