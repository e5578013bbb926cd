/** `POST /api/v1/transfers`: moves money from one user to another. */
import { submitOrRepeat } from "../../../ledger/transfers/submit-resolved.ts";
import { transferOperation } from "../../../ledger/transfers/transfer-operation.ts";
import { transferMoney } from "../../../ledger/transfers/transfer-money.ts";
import { answerTransfer, postingFor, termsFor, termsOfPayment } from "../request/post-operation.ts";
import { requireWithinSpendingLimit } from "../../../identity/spending-limit.ts";
import { parseAmount } from "../request/amount.ts";
import { resolvePair } from "../app/resolve-payment.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  ifMatchHeader,
  transferOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postTransfer",
  tags: ["Transfers"],
  title: { en: "Move money from one user to another", zh: "转账" },
  description:
    "A user pays from its own wallet; a platform key for any user of its platform. Payer and payee may be users " +
    "of two platforms: then the payer's consent to the other platform bounds the payment.",
  querystring: dryRunQuery,
  headers: ifMatchHeader,
  body: strictObject({
    from: ref(UserId),
    to: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    amount: ref(Amount),
    ...transferOptions,
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
    const terms = termsFor(request, options);
    const asked = { type: transferOperation, terms };
    const submitted = await submitOrRepeat(services.db, asked, async () => {
      const { consents, ...pair } = await resolvePair(services, caller, { from, to, currency });
      const transfer = { ...pair, amount: requireWithinSpendingLimit(caller, parseAmount(amount)) };
      const paying = termsOfPayment(request, terms, { consents, matches: pair.from });
      return transferMoney(postingFor(services, request), transfer, paying);
    });
    return answerTransfer(services, { request, reply }, submitted);
  });
}
