/** `POST /api/v1/transfers/legs`: one transfer between many accounts, in any currencies. */
import { requireBalance, transferLegs } from "../../../ledger/transfers/transfer-legs.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { parseSignedAmount } from "../request/amount.ts";
import { resolvePeer } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  CurrencyCodeSchema,
  dryRunQuery,
  transferOptions,
  ref,
  SignedAmount,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

/** A guild has some dozens of members; a larger list is a bulk request. */
const LEGS_MAX = 100;

const WantedLeg = strictObject({
  userId: ref(UserId),
  currency: ref(CurrencyCodeSchema),
  amount: ref(SignedAmount),
});

const schema = {
  operationId: "postTransferLegs",
  tags: ["Transfers"],
  title: { en: "Move money between many accounts at once", zh: "多方转账" },
  description:
    "Legs below zero pay, legs above zero receive; they sum to zero in each currency. All or nothing.",
  querystring: dryRunQuery,
  body: strictObject({
    legs: Type.Array(WantedLeg, { minItems: 2, maxItems: LEGS_MAX }),
    ...transferOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = {
  access: { scope: "transfers:write", users: false },
  writes: true,
  dryRun: true,
} as const;

export function postTransferLegsRoute(v1: V1App, services: Services): void {
  v1.post("/transfers/legs", { schema, config }, async (request, reply) => {
    const { legs: requested, ...options } = request.body;
    const parsed = requested.map(({ amount, ...leg }, index) => ({
      ...leg,
      amount: parseSignedAmount(amount, `legs.${index}.amount`),
    }));
    requireBalance(parsed);
    const caller = callerOf(request);
    const legs = await Promise.all(
      parsed.map(async ({ userId, currency, amount, ...unread }, index) => {
        unread satisfies NothingElse;
        const payee = { userId, currency, field: `legs.${index}.userId` };
        return { account: await resolvePeer(services.directory, caller, payee), amount };
      }),
    );
    const terms = termsFor(request, options);
    const submitted = await transferLegs(postingFor(services, request), legs, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}
