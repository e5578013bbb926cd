/** `POST /api/v1/mints` and `/burns`: issue and burn a currency that the platform may mint. */
import { mintMoney } from "../../../ledger/transfers/mint-money.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { parseAmount } from "../request/amount.ts";
import { resolveOwn } from "../app/resolve.ts";
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

const shared = {
  tags: ["Mint"],
  description: "Only for currencies that list the platform as a minter; see GET /currencies.",
  querystring: dryRunQuery,
  body: strictObject({
    userId: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    amount: ref(Amount),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = { access: { scope: "mint", users: false }, writes: true, dryRun: true } as const;

const VERBS = [
  {
    direction: "mint",
    path: "/mints",
    operationId: "postMint",
    title: { en: "Issue money to a user", zh: "发行货币" },
  },
  {
    direction: "burn",
    path: "/burns",
    operationId: "postBurn",
    title: { en: "Burn money of a user", zh: "销毁货币" },
  },
] as const;

export function postMintRoutes(v1: V1App, services: Services): void {
  for (const { direction, path, operationId, title } of VERBS) {
    const schema = { ...shared, operationId, title };
    v1.post(path, { schema, config }, async (request, reply) => {
      const caller = callerOf(request);
      const { platform } = caller;
      const { userId, currency, amount, ...options } = request.body;
      const { account } = await resolveOwn(services.directory, caller, { userId, currency });
      const minting = { direction, platform, account, amount: parseAmount(amount) };
      const terms = termsFor(request, options);
      const submitted = await mintMoney(postingFor(services, request), minting, terms);
      return answerTransfer(services, { request, reply }, submitted);
    });
  }
}
