/** `POST /api/v1/transfers/up-to`: moves the available amount, up to a maximum. */
import { transferUpTo } from "../../../ledger/transfers/transfer-money.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { requireWithinSpendingLimit } from "../../../identity/spending-limit.ts";
import { parseAmount } from "../request/amount.ts";
import { resolvePair } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  postingOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postTransferUpTo",
  tags: ["Transfers"],
  summary: "Move as much as there is, up to an amount",
  description:
    "Moves the least of the maximum, what the payer has available and what the payee may still hold; " +
    "`result.amount` says how much that was.",
  querystring: dryRunQuery,
  body: strictObject({
    from: ref(UserId),
    to: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    maximum: ref(Amount),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = {
  access: { scope: "transfers:write", users: true },
  writes: true,
  dryRun: true,
} as const;

export function postTransferUpToRoute(v1: V1App, services: Services): void {
  v1.post("/transfers/up-to", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { from, to, currency, maximum, ...options } = request.body;
    const pair = await resolvePair(services.directory, caller, { from, to, currency });
    const transfer = {
      ...pair,
      maximum: requireWithinSpendingLimit(caller, parseAmount(maximum, "maximum"), "maximum"),
    };
    const terms = termsFor(request, options);
    const submitted = await transferUpTo(postingFor(services, request), transfer, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}
