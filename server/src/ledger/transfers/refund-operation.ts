/**
 * Gives a transfer back, wholly or in parts, at most what it moved. A refund is a transfer itself
 * and can be refunded in turn, which charges the money again.
 */
import type { Movement, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { postedTransfers, refundKey, refunds, type RefundRow } from "./refunds.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface RefundPayload {
  readonly transferId: string;
  /** null: the whole rest. A part needs a transfer of one movement. */
  readonly amount: bigint | null;
}

export const refundOperation = defineOperationType<RefundPayload>()({
  name: "refund",
  readWriteSet: ({ transferId }) => [
    rowKey(postedTransfers, transferId),
    rowKey(refunds, refundKey(transferId, 0)),
  ],
  decide({ transferId, amount, ...unread }, view) {
    unread satisfies NothingElse;
    const movements = view.get(postedTransfers, transferId)?.movements ?? [];
    if (movements.length === 0) return { refuse: "transfer_not_found" };
    if (amount !== null && movements.length > 1) return onlyWhole();
    const rows = movements.map((movement, line) => refundRow(view, { transferId, line, movement }));
    const left = rows.reduce((sum, row) => sum + row.amount - row.refunded, 0n);
    if (left === 0n || (amount ?? 0n) > left)
      return { refuse: "refund_too_large", details: { left: `${left}` } };
    const parts = rows.map((row) => amount ?? row.amount - row.refunded);
    return {
      changes: rows.map((row, line) =>
        change(refunds, row.key, { ...row, refunded: row.refunded + (parts[line] ?? 0n) }),
      ),
      legs: movements.flatMap(({ from, to }, line) => [
        { account: to, amount: -(parts[line] ?? 0n) },
        { account: from, amount: parts[line] ?? 0n },
      ]),
      related: transferId,
    };
  },
});

function onlyWhole() {
  return {
    refuse: "invalid_field",
    details: {
      field: "amount",
      rule: {
        en: "a transfer of several movements is refunded as a whole",
        zh: "多笔明细的交易只能全额退款",
      },
      remedy: { en: "Leave the amount out.", zh: "请省略金额" },
    },
  } as const;
}

function refundRow(
  view: View,
  { transferId, line, movement }: { transferId: string; line: number; movement: Movement },
): RefundRow {
  const key = refundKey(transferId, line);
  const fresh = { key, transferId, line, amount: movement.amount, refunded: 0n, revision: 0n };
  return view.get(refunds, key) ?? fresh;
}
