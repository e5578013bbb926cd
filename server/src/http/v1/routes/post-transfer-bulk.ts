/** `POST /api/v1/transfers/bulk`: up to 1,000 transfers in one request, with one outcome each. */
import { prepareTransfer } from "../../../ledger/transfers/transfer-money.ts";
import { termsFor } from "../request/post-operation.ts";
import { Type, type Static } from "typebox";
import { BULK_MAX, BULK_OPTIONS, postBulk, type Place } from "../request/post-bulk.ts";
import { BulkResult } from "../schemas/schemas-bulk.ts";
import {
  Amount,
  CurrencyCodeSchema,
  dryRunQuery,
  oneOf,
  postingOptions,
  ref,
  strictObject,
  UserId,
  type NothingElse,
} from "../schemas/schemas.ts";
import { parseAmount } from "../request/amount.ts";
import { resolvePair } from "../app/resolve.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const Item = strictObject({
  from: ref(UserId),
  to: ref(UserId),
  currency: ref(CurrencyCodeSchema),
  amount: ref(Amount),
  ...postingOptions,
});

const schema = {
  operationId: "postTransferBulk",
  tags: ["Transfers"],
  summary: "Move money many times in one request",
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
    const prepare = async (item: Static<typeof Item>, { prefix, part }: Place) => {
      const { amount, from, to, currency, ...details } = item;
      const pair = await resolvePair(services.directory, caller, { from, to, currency }, prefix);
      const transfer = { ...pair, amount: parseAmount(amount, `${prefix}amount`) };
      return prepareTransfer(transfer, termsFor(request, { ...details, part }));
    };
    const bulk = { mode, items: transfers, field: "transfers", prepare };
    return postBulk(services, { request, reply }, bulk);
  });
}
