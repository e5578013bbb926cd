/** Refunds a purchase, whole or in part: at any time, despite freezes. */
import { requireReason } from "../../ledger/policies/policy-command.ts";
import type {
  PurchaseRefundResult,
  RefundPurchasePayload,
} from "../../market/refunds/refund-purchase-operation.ts";
import { prepareRefund, requirePurchase } from "../../market/refunds/refund-purchase.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";

export type WantedRefundAct = {
  /** The purchase. */
  readonly transferId: string;
  /** null: all that is left. */
  readonly quantity: string | null;
  readonly ifItemGone: RefundPurchasePayload["ifItemGone"];
  readonly reason: string;
};

/** Errors: `purchase_not_found`, `invalid_field`; in the engine `refund_too_large`, `item_gone`, `insufficient_funds`. */
export const refundAct: ActKind<WantedRefundAct, PurchaseRefundResult> = {
  what: "purchase refund",
  role: "support",
  async prepare(services, context, { transferId, quantity, ifItemGone, reason }) {
    const { payee, ...sold } = await requirePurchase(services, transferId);
    const wanted = {
      ...sold,
      platform: payee.platform,
      quantity: quantity === null ? null : BigInt(quantity),
      ifItemGone,
      restock: false,
      byOperator: true,
    };
    const terms = { ...termsOfAct(context), metadata: { reason: requireReason(reason) } };
    const { buyerId, currency } = sold.purchase;
    return {
      subject: `${transferId} (${buyerId})`,
      userId: buyerId,
      reason,
      operation: prepareRefund(wanted, terms),
      weigh: ({ posting: { result } }) => ({
        currency,
        amount: BigInt(result.price) + BigInt(result.commission),
      }),
      describe: (_view, { posting: { result } }) => ({
        before: { quantityLeft: `${BigInt(result.quantityLeft) + BigInt(result.quantity)}` },
        after: { ...result, currency },
      }),
    };
  },
};
