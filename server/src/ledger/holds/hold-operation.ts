/** Opening and ending holds; the money moves only when a hold is captured. */
import { accounts } from "../accounts/accounts.ts";
import type { Refusal, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { Refused } from "../../engine/refused.ts";
import { change, insert, rowKey } from "../../engine/resource.ts";
import { hasExpired, holds, remainingOf, type HoldRow } from "./holds.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface HoldPayload {
  readonly account: bigint;
  readonly amount: bigint;
  /** The default payee of a capture. */
  readonly to: bigint | null;
  readonly expiresAt: Date | null;
}

export type HoldResult = { readonly holdId: string };

/** The hold's id is the transfer id of this operation. */
export const holdOperation = defineOperationType<HoldPayload, HoldResult>()({
  name: "hold",
  readWriteSet: ({ account }) => [rowKey(accounts, account)],
  decide({ account, amount, to, expiresAt, ...unread }, _view, { now, transferId }) {
    unread satisfies NothingElse;
    if (expiresAt && expiresAt.getTime() <= now.getTime()) return alreadyPast(expiresAt);
    if (to === account) return { refuse: "same_account", details: { field: "to" } };
    const row: HoldRow = {
      id: transferId,
      account,
      toAccount: to,
      amount,
      captured: 0n,
      state: "open",
      expiresAt,
      revision: 0n,
    };
    return {
      reserves: [{ account, amount }],
      changes: [insert(holds, transferId, row)],
      result: { holdId: transferId },
    };
  },
});

function alreadyPast(expiresAt: Date): Refusal {
  return {
    refuse: "invalid_field",
    details: {
      field: "expiresAt",
      rule: { en: "lies in the future", zh: "必须是将来的时间" },
      remedy: { en: "Send a later time.", zh: "请发送更晚的时间" },
      received: expiresAt.toISOString(),
    },
  };
}

export interface CapturePayload {
  readonly holdId: string;
  /** null: the whole rest. */
  readonly amount: bigint | null;
  /** null: the hold's own payee. */
  readonly to: bigint | null;
  /** True releases the rest; false keeps it for further captures. */
  readonly final: boolean;
}

export const captureOperation = defineOperationType<CapturePayload>()({
  name: "capture",
  readWriteSet: ({ holdId, to }) => [
    rowKey(holds, holdId),
    ...(to === null ? [] : [rowKey(accounts, to)]),
  ],
  decide({ holdId, amount, to, final, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const open = openHold(view, holdId, now);
    const payee = to ?? open.toAccount;
    if (payee === null) return noPayee();
    if (payee === open.account) return { refuse: "same_account" };
    const left = remainingOf(open);
    const taken = amount ?? left;
    if (taken > left)
      return { refuse: "capture_too_large", details: { left: `${left}`, required: `${taken}` } };
    const ended = final || taken === left;
    const captured = open.captured + taken;
    return {
      reserves: [{ account: open.account, amount: ended ? -left : -taken }],
      changes: [change(holds, holdId, { ...open, captured, state: ended ? "captured" : "open" })],
      legs: [
        { account: open.account, amount: -taken },
        { account: payee, amount: taken },
      ],
      related: holdId,
    };
  },
});

function noPayee(): Refusal {
  return {
    refuse: "missing_fields",
    details: {
      field: "to",
      rule: { en: "the hold names no payee", zh: "此预留没有指定收款方" },
      remedy: { en: "Name one in the capture.", zh: "请在扣款请求中指定" },
    },
  };
}

export interface EndHoldPayload {
  readonly holdId: string;
}

/** The owner of the money gets it back before the hold expires. */
export const voidHoldOperation = defineOperationType<EndHoldPayload>()({
  name: "void",
  readWriteSet: ({ holdId }) => [rowKey(holds, holdId)],
  decide({ holdId, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const open = openHold(view, holdId, now);
    return {
      reserves: [{ account: open.account, amount: -remainingOf(open) }],
      changes: [change(holds, holdId, { ...open, state: "voided" })],
      related: holdId,
    };
  },
});

/** The sweep: tidies the row of a hold that has reserved nothing since its expiry. */
export const expireHoldOperation = defineOperationType<EndHoldPayload>()({
  name: "expire_hold",
  readWriteSet: ({ holdId }) => [rowKey(holds, holdId)],
  decide({ holdId, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const open = view.get(holds, holdId);
    if (!open) return { refuse: "hold_not_found" };
    if (open.state !== "open" || !hasExpired(open, now)) return { refuse: "hold_not_open" };
    return {
      reserves: [{ account: open.account, amount: -remainingOf(open) }],
      changes: [change(holds, holdId, { ...open, state: "expired" })],
      related: holdId,
    };
  },
});

function openHold(view: View, holdId: string, now: Date): HoldRow {
  const found = view.get(holds, holdId);
  if (!found) throw new Refused({ refuse: "hold_not_found" });
  const state = hasExpired(found, now) && found.state === "open" ? "expired" : found.state;
  if (state !== "open") throw new Refused({ refuse: "hold_not_open", details: { state } });
  return found;
}
