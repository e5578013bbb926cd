/** `POST /api/v1/transfers/{id}/refunds`: gives a transfer back, wholly or in parts. */
import { refundTransfer } from "../../../ledger/transfers/refund-transfer.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { parseAmount } from "../request/amount.ts";
import { requireTransfer } from "../request/recorded-transfer.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import { Amount, dryRunQuery, Id, transferOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postTransferRefund",
  tags: ["Transfers"],
  title: { en: "Give a transfer back", zh: "退款" },
  description:
    "Without an amount: everything that has not been given back. Refunds together never exceed the " +
    "transfer, and a refund can be refunded in turn.",
  params: strictObject({ id: ref(Id) }),
  querystring: dryRunQuery,
  body: strictObject({ amount: Type.Optional(ref(Amount)), ...transferOptions }),
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
    const caller = callerOf(request);
    const { id, type } = await requireTransfer(services, caller, request.params.id, "refund");
    const refund = {
      transfer: { id, type: { name: type.name } },
      amount: amount === undefined ? null : parseAmount(amount),
    };
    const terms = termsFor(request, options);
    const submitted = await refundTransfer(postingFor(services, request), refund, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}
