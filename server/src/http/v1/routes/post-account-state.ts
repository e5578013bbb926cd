/** `POST /api/v1/wallets/{userId}/accounts/{currency}/freeze`, `/close` and `/reopen`. */
import type { Submitted } from "../../../engine/submit-operation.ts";
import type { AccountPayload } from "../../../ledger/account-state/account-state-operation.ts";
import {
  closeAccount,
  freezeAccount,
  reopenAccount,
} from "../../../ledger/account-state/set-account-state.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { accountEtag, readAccount, toAccount } from "../replies/account-reply.ts";
import { resolveOwn } from "../app/resolve.ts";
import { Account } from "../schemas/schemas-money.ts";
import {
  CurrencyCodeSchema,
  ifMatchHeader,
  postingOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Services } from "../../context/services.ts";

const shared = {
  tags: ["Wallets"],
  params: strictObject({ userId: ref(UserId), currency: ref(CurrencyCodeSchema) }),
  headers: ifMatchHeader,
  response: { 201: ref(Account) },
};

const freezeSchema = {
  ...shared,
  operationId: "postAccountFreeze",
  title: { en: "Freeze or unfreeze an account", zh: "冻结或解冻账户" },
  description:
    "Sets both directions: true stops money from leaving or arriving, false lets it. " +
    "The platform and the operators of New Day each have a freeze of their own: this call changes the caller's, " +
    "and the account obeys both (`restrictedBy`).",
  body: strictObject({ debits: Type.Boolean(), credits: Type.Boolean(), ...postingOptions }),
};

const closeSchema = {
  ...shared,
  operationId: "postAccountClose",
  title: { en: "Close an empty account", zh: "关闭空账户" },
  body: strictObject(postingOptions),
};

const reopenSchema = {
  ...shared,
  operationId: "postAccountReopen",
  title: { en: "Reopen a closed account", zh: "重新开启账户" },
  body: strictObject(postingOptions),
};

const config = { access: { scope: "wallets:write", users: false }, writes: true } as const;
const PATH = "/wallets/:userId/accounts/:currency";

export function postAccountStateRoutes(v1: V1App, services: Services): void {
  v1.post(`${PATH}/freeze`, { schema: freezeSchema, config }, (request, reply) => {
    const { debits, credits, ...options } = request.body;
    return setState(services, { request, reply, params: request.params }, (asked) => {
      const terms = termsFor(request, { ...options, matches: asked.account });
      return freezeAccount(services, { ...asked, debits, credits }, terms);
    });
  });
  v1.post(`${PATH}/close`, { schema: closeSchema, config }, (request, reply) =>
    setState(services, { request, reply, params: request.params }, (asked) => {
      const terms = termsFor(request, { ...request.body, matches: asked.account });
      return closeAccount(services, asked, terms);
    }),
  );
  v1.post(`${PATH}/reopen`, { schema: reopenSchema, config }, (request, reply) =>
    setState(services, { request, reply, params: request.params }, (asked) => {
      const terms = termsFor(request, { ...request.body, matches: asked.account });
      return reopenAccount(services, asked, terms);
    }),
  );
}

async function setState(
  services: Services,
  exchange: {
    request: FastifyRequest;
    reply: FastifyReply;
    params: { userId: string; currency: string };
  },
  command: (asked: AccountPayload) => Promise<Submitted>,
) {
  const { request, reply, params } = exchange;
  const caller = callerOf(request);
  const { account } = await resolveOwn(services.directory, caller, params);
  const byOperator = caller.kind === "key" && caller.operator;
  const { outcome } = await command({ account, byOperator });
  answerPosted({ request, reply }, outcome);
  const row = await readAccount(services.db, account, params.currency);
  void reply.header("etag", accountEtag(row));
  return toAccount(row);
}
