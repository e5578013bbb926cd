/** `POST /api/v1/transfers/up-to`: moves the available amount, up to a maximum. */
import { submitOrRepeat } from "../../../ledger/transfers/submit-resolved.ts";
import { transferUpToOperation } from "../../../ledger/transfers/transfer-up-to-operation.ts";
import { transferUpTo } from "../../../ledger/transfers/transfer-money.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { requireWithinSpendingLimit } from "../../../identity/spending-limit.ts";
import { parseAmount } from "../request/amount.ts";
import { resolvePair } from "../app/resolve-payment.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  transferOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postTransferUpTo",
  tags: ["Transfers"],
  title: { en: "Move as much as there is, up to an amount", zh: "尽量转账，不超过上限" },
  description:
    "Moves the least of the maximum, what the payer has available and what the payee may still hold; " +
    "`result.amount` says how much that was.",
  querystring: dryRunQuery,
  body: strictObject({
    from: ref(UserId),
    to: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    maximum: ref(Amount),
    ...transferOptions,
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
    const terms = termsFor(request, options);
    const asked = { type: transferUpToOperation, terms };
    const submitted = await submitOrRepeat(services.db, asked, async () => {
      const { consents, ...pair } = await resolvePair(services, caller, { from, to, currency });
      const transfer = {
        ...pair,
        maximum: requireWithinSpendingLimit(caller, parseAmount(maximum, "maximum"), "maximum"),
      };
      return transferUpTo(postingFor(services, request), transfer, { ...terms, consents });
    });
    return answerTransfer(services, { request, reply }, submitted);
  });
}
