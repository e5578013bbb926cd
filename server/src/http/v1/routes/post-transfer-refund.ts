/** `POST /api/v1/transfers/{id}/refunds`: gives a transfer back, wholly or in parts. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { parseAmount } from "../request/amount.ts";
import { captureOperation } from "../../../ledger/holds/hold-operation.ts";
import { postLegsOperation } from "../../../ledger/transfers/post-legs-operation.ts";
import { refundOperation } from "../../../ledger/transfers/refund-operation.ts";
import { transferUpToOperation } from "../../../ledger/transfers/transfer-up-to-operation.ts";
import { transferOperation } from "../../../ledger/transfers/transfer-operation.ts";
import { operationFor, postOperation } from "../request/post-operation.ts";
import { requireTransfer } from "../request/recorded-transfer.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import { Amount, dryRunQuery, Id, postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** Operation types that move money alone; a purchase is undone together with its item. */
const REFUNDABLE = new Set(
  [
    transferOperation,
    transferUpToOperation,
    postLegsOperation,
    captureOperation,
    refundOperation,
  ].map(({ name }) => name),
);

const schema = {
  operationId: "postTransferRefund",
  tags: ["Transfers"],
  summary: "Give a transfer back",
  description:
    "Without an amount: everything that has not been given back. Refunds together never exceed the " +
    "transfer, and a refund can be refunded in turn.",
  params: strictObject({ id: ref(Id) }),
  querystring: dryRunQuery,
  body: strictObject({ amount: Type.Optional(ref(Amount)), ...postingOptions }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = {
  access: { scope: "transfers:write", users: false },
  writes: true,
  dryRun: true,
} as const;

export function postTransferRefundRoute(v1: V1App, services: Services): void {
  v1.post("/transfers/:id/refunds", { schema, config }, async (request, reply) => {
    const { amount, ...options } = request.body;
    const original = await requireTransfer(services, callerOf(request), request.params.id, "all");
    const { name } = original.type;
    if (!REFUNDABLE.has(name))
      throw new NewDayError("forbidden", {
        rule: `a ${name} cannot be refunded as money alone`,
        ruleZh: `${name} 不能只退款，请用其自身的接口撤销`,
        remedy: "undo it by its own call",
      });
    const payload = {
      transferId: original.id,
      amount: amount === undefined ? null : parseAmount(amount),
    };
    const operation = operationFor(request, refundOperation, payload, options);
    return postOperation(services, { request, reply }, operation);
  });
}
