/** `POST /api/v1/transfers`: moves money from one user to another. */
import { transferMoney } from "../../../ledger/transfers/transfer-money.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { requireWithinSpendingLimit } from "../../../identity/spending-limit.ts";
import { parseAmount } from "../request/amount.ts";
import { resolvePair } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  ifMatchHeader,
  postingOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postTransfer",
  tags: ["Transfers"],
  summary: "Move money from one user to another",
  description: "A user pays from its own wallet; a platform key for any user of its platform.",
  querystring: dryRunQuery,
  headers: ifMatchHeader,
  body: strictObject({
    from: ref(UserId),
    to: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    amount: ref(Amount),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = {
  access: { scope: "transfers:write", users: true },
  writes: true,
  dryRun: true,
} as const;

export function postTransferRoute(v1: V1App, services: Services): void {
  v1.post("/transfers", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { from, to, currency, amount, ...options } = request.body;
    const pair = await resolvePair(services.directory, caller, { from, to, currency });
    const transfer = { ...pair, amount: requireWithinSpendingLimit(caller, parseAmount(amount)) };
    const terms = termsFor(request, { ...options, matches: pair.from });
    const submitted = await transferMoney(postingFor(services, request), transfer, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}
