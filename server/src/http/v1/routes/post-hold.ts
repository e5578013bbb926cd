/** `POST /api/v1/holds`: reserves an amount until it is captured, voided or expires. */
import { holdMoney } from "../../../ledger/holds/hold-money.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { parseAmount } from "../request/amount.ts";
import { requireHold, toHold } from "../replies/hold-reply.ts";
import { resolveOwn, resolvePeer } from "../app/resolve.ts";
import { HoldSchema } from "../schemas/schemas-holds.ts";
import {
  Amount,
  CurrencyCodeSchema,
  postingOptions,
  ref,
  strictObject,
  Timestamp,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postHold",
  tags: ["Holds"],
  summary: "Reserve an amount",
  description:
    "Reserved money cannot be spent. Without `expiresAt` the hold stays until it is ended.",
  body: strictObject({
    from: ref(UserId),
    to: Type.Optional(ref(UserId)),
    currency: ref(CurrencyCodeSchema),
    amount: ref(Amount),
    expiresAt: Type.Optional(ref(Timestamp)),
    ...postingOptions,
  }),
  response: { 201: ref(HoldSchema) },
};

const config = { access: { scope: "holds:write", users: false }, writes: true } as const;

export function postHoldRoute(v1: V1App, services: Services): void {
  v1.post("/holds", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { from, to, currency, amount, expiresAt, ...options } = request.body;
    const { directory } = services;
    const payer = { userId: from, currency, field: "from" };
    const { account } = await resolveOwn(directory, caller, payer);
    const hold = {
      account,
      amount: parseAmount(amount),
      to: to === undefined ? null : await resolvePeer(directory, caller, { userId: to, currency }),
      expiresAt: parseTime(expiresAt, "expiresAt") ?? null,
    };
    const { outcome } = await holdMoney(services, hold, termsFor(request, options));
    const { transferId } = answerPosted({ request, reply }, outcome);
    return toHold(services, await requireHold(services, caller, transferId));
  });
}
