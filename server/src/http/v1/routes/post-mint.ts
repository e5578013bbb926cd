/** `POST /api/v1/mints` and `/burns`: issue and burn a currency that the platform may mint. */
import { parseAmount } from "../request/amount.ts";
import { burnOperation, mintOperation } from "../../../ledger/transfers/mint-operation.ts";
import { operationFor, postOperation } from "../request/post-operation.ts";
import { resolveOwn } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount, CurrencyCode, dryRunQuery, postingOptions, ref, strictObject, UserId,
} from "../schemas/schemas.ts"; // prettier-ignore
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const shared = {
  tags: ["Mint"],
  description: "Only for currencies that list the platform as a minter; see GET /currencies.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    currency: ref(CurrencyCode),
    amount: ref(Amount),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = { access: { scope: "mint", users: false }, writes: true, dryRun: true } as const;

const VERBS = [
  {
    type: mintOperation,
    path: "/mints",
    operationId: "postMint",
    summary: "Issue money to a user",
  },
  { type: burnOperation, path: "/burns", operationId: "postBurn", summary: "Burn money of a user" },
] as const;

export function postMintRoutes(v1: V1App, services: Services): void {
  for (const { type, path, operationId, summary } of VERBS) {
    const schema = { ...shared, operationId, summary };
    v1.post(path, { schema, config }, async (request, reply) => {
      const caller = callerOf(request);
      const { userId, currency, amount, ...options } = request.body;
      const { account } = await resolveOwn(services.directory, caller, { userId, currency });
      const { platform } = caller;
      const payload = {
        platform,
        mint: await services.directory.systemWallet(platform, "mint"),
        account,
        amount: parseAmount(amount),
      };
      const operation = operationFor(request, type, payload, options);
      return postOperation(services, { request, reply }, operation);
    });
  }
}
