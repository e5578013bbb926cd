/** `POST /api/v1/transfers/legs`: one transfer between many accounts, in any currencies. */
import { Type, type Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import type { Leg } from "../../../engine/operation.ts";
import { parseSignedAmount } from "../request/amount.ts";
import type { Caller } from "../app/caller.ts";
import type { Directory } from "../../../ledger/wallets/directory.ts";
import { postLegsOperation } from "../../../ledger/transfers/post-legs-operation.ts";
import { operationFor, postOperation } from "../request/post-operation.ts";
import { resolvePeer } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  CurrencyCode, dryRunQuery, postingOptions, ref, SignedAmount, strictObject, UserId,
} from "../schemas/schemas.ts"; // prettier-ignore
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** A guild has some dozens of members; a larger list is a bulk request. */
const LEGS_MAX = 100;

const WantedLeg = strictObject({
  userId: ref(UserId),
  currency: ref(CurrencyCode),
  amount: ref(SignedAmount),
});

const schema = {
  operationId: "postTransferLegs",
  tags: ["Transfers"],
  summary: "Move money between many accounts at once",
  description:
    "Legs below zero pay, legs above zero receive; they sum to zero in each currency. All or nothing.",
  querystring: dryRunQuery,
  body: strictObject({
    legs: Type.Array(WantedLeg, { minItems: 2, maxItems: LEGS_MAX }),
    ...postingOptions,
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
    const { legs: wanted, ...options } = request.body;
    requireBalance(wanted);
    const legs = await Promise.all(
      wanted.map((leg, index) => toLeg(services.directory, callerOf(request), leg, index)),
    );
    const operation = operationFor(request, postLegsOperation, { legs }, options);
    return postOperation(services, { request, reply }, operation);
  });
}

function requireBalance(legs: readonly Static<typeof WantedLeg>[]): void {
  const sums = new Map<string, bigint>();
  for (const [index, { currency, amount }] of legs.entries()) {
    const parsed = parseSignedAmount(amount, `legs.${index}.amount`);
    if (parsed === 0n)
      throw new NewDayError("invalid_amount", {
        field: `legs.${index}.amount`,
        rule: "must not be zero",
        ruleZh: "不能为零",
      });
    sums.set(currency, (sums.get(currency) ?? 0n) + parsed);
  }
  for (const [currency, sum] of sums)
    if (sum !== 0n)
      throw new NewDayError("unbalanced_legs", {
        field: "legs",
        rule: `sum to ${sum} in ${currency}`,
        ruleZh: `${currency} 的合计为 ${sum}，必须为零`,
        remedy: "make the amounts of each currency sum to zero",
      });
}

async function toLeg(
  directory: Directory,
  caller: Caller,
  { userId, currency, amount }: Static<typeof WantedLeg>,
  index: number,
): Promise<Leg> {
  const field = `legs.${index}.userId`;
  const account = await resolvePeer(directory, caller, { userId, currency, field });
  return { account, amount: parseSignedAmount(amount) };
}
