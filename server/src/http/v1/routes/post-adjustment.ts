/** `POST /api/v1/adjustments`: an operator corrects a balance, with a reason. */
import { adjustBalance, requireCorrection } from "../../../ledger/transfers/adjust-balance.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { parseSignedAmount } from "../request/amount.ts";
import { resolveOwn } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  CurrencyCodeSchema,
  dryRunQuery,
  postingOptions,
  Reason,
  ref,
  SignedAmount,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postAdjustment",
  tags: ["Operators"],
  title: { en: "Correct a balance by hand", zh: "人工更正余额" },
  description:
    "Gives (above zero) or takes (below zero) against New Day's adjustments account. The transfer shows the " +
    "reason, and the books name the key. Only keys of operators can have the scope.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    amount: ref(SignedAmount),
    reason: ref(Reason),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = { access: { scope: "adjust", users: false }, writes: true, dryRun: true } as const;

export function postAdjustmentRoute(v1: V1App, services: Services): void {
  v1.post("/adjustments", { schema, config }, async (request, reply) => {
    const { userId, currency, amount, reason, ...options } = request.body;
    const correction = requireCorrection(parseSignedAmount(amount));
    const named = { userId, currency };
    const { account } = await resolveOwn(services.directory, callerOf(request), named);
    const adjustment = { account, amount: correction, reason };
    const terms = termsFor(request, options);
    const submitted = await adjustBalance(postingFor(services, request), adjustment, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}
