/** `POST /api/v1/transfers/bulk`: up to 1,000 transfers in one request, with one outcome each. */
import { prepareTransfer } from "../../../ledger/transfers/transfer-money.ts";
import { transferOperation } from "../../../ledger/transfers/transfer-operation.ts";
import type { OperationTerms } from "../../../engine/operation.ts";
import { termsFor } from "../request/post-operation.ts";
import { Type, type Static } from "typebox";
import { BULK_MAX, BULK_OPTIONS, postBulk, type Place } from "../request/post-bulk.ts";
import { BulkResult } from "../schemas/schemas-bulk.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  oneOf,
  transferOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { parseAmount } from "../request/amount.ts";
import { resolvePair } from "../app/resolve-payment.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const Item = strictObject({
  from: ref(UserId),
  to: ref(UserId),
  currency: ref(CurrencyCodeSchema),
  amount: ref(Amount),
  ...transferOptions,
});

const schema = {
  operationId: "postTransferBulk",
  tags: ["Transfers"],
  title: { en: "Move money many times in one request", zh: "批量转账" },
  description:
    "`atomic`: all or none. `independent`: each for itself. Results come in the order of the items. " +
    "The key stands for the whole request; repeating it repeats each first outcome.",
  querystring: dryRunQuery,
  body: strictObject({
    mode: oneOf(["atomic", "independent"]),
    transfers: Type.Array(Item, {
      minItems: 1,
      maxItems: BULK_MAX,
      description: `an array of 1 to ${BULK_MAX} transfers`,
    }),
  }),
  response: { 200: ref(BulkResult) },
};

const config = {
  access: { scope: "transfers:write", users: false },
  writes: true,
  dryRun: true,
} as const;

export function postTransferBulkRoute(v1: V1App, services: Services): void {
  const options = { schema, config, ...BULK_OPTIONS };
  v1.post("/transfers/bulk", options, async (request, reply) => {
    const caller = callerOf(request);
    const { mode, transfers, ...unread } = request.body;
    unread satisfies NothingElse;
    const termsOf = (item: Static<typeof Item>, { part }: Place) => {
      const { amount: _, from: __, to: ___, currency: ____, ...details } = item;
      return termsFor(request, { ...details, part });
    };
    const prepare = async (
      { amount, from, to, currency }: Static<typeof Item>,
      { prefix }: Place,
      terms: OperationTerms,
    ) => {
      const named = { from, to, currency };
      const { consents, ...pair } = await resolvePair(services, caller, named, prefix);
      const transfer = { ...pair, amount: parseAmount(amount, `${prefix}amount`) };
      return prepareTransfer(transfer, { ...terms, consents });
    };
    const type = transferOperation;
    const bulk = { mode, items: transfers, field: "transfers", type, termsOf, prepare };
    return postBulk(services, { request, reply }, bulk);
  });
}
