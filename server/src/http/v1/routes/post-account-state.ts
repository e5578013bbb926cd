/** `POST /api/v1/wallets/{userId}/accounts/{currency}/freeze`, `/close` and `/reopen`. */
import { Type } from "typebox";
import type { AccountPayload } from "../../../ledger/accounts/account-state-operation.ts";
import { accountEtag, readAccount, toAccount } from "../replies/account-reply.ts";
import { submitOperation, type Wanted } from "../request/post-operation.ts";
import { resolveOwn } from "../app/resolve.ts";
import { Account } from "../schemas/schemas-money.ts";
import {
  CurrencyCode, ifMatchHeader, postingOptions, ref, strictObject, UserId,
} from "../schemas/schemas.ts"; // prettier-ignore
import { callerOf, type V1App, type V1Services } from "../app/v1-app.ts";
import type { FastifyReply, FastifyRequest } from "fastify";

const shared = {
  tags: ["Wallets"],
  params: strictObject({ userId: ref(UserId), currency: ref(CurrencyCode) }),
  headers: ifMatchHeader,
  response: { 201: ref(Account) },
};

const freezeSchema = {
  ...shared,
  operationId: "postAccountFreeze",
  summary: "Freeze or unfreeze an account",
  description:
    "Sets both directions: true stops money from leaving or arriving, false lets it. " +
    "What an operator of New Day has frozen or closed, only an operator lifts.",
  body: strictObject({ debits: Type.Boolean(), credits: Type.Boolean(), ...postingOptions }),
};

const closeSchema = {
  ...shared,
  operationId: "postAccountClose",
  summary: "Close an empty account",
  body: strictObject(postingOptions),
};

const reopenSchema = {
  ...shared,
  operationId: "postAccountReopen",
  summary: "Reopen a closed account",
  body: strictObject(postingOptions),
};

const config = { access: { scope: "wallets:write", users: false }, writes: true } as const;
const PATH = "/wallets/:userId/accounts/:currency";

export function postAccountStateRoutes(v1: V1App, services: V1Services): void {
  v1.post(`${PATH}/freeze`, { schema: freezeSchema, config }, (request, reply) => {
    const { debits, credits, ...options } = request.body;
    return setState(services, { request, reply, params: request.params }, (asked) => ({
      kind: "set_freeze",
      payload: { ...asked, debits, credits },
      ...options,
    }));
  });
  v1.post(`${PATH}/close`, { schema: closeSchema, config }, (request, reply) =>
    setState(services, { request, reply, params: request.params }, (payload) => ({
      kind: "close_account",
      payload,
      ...request.body,
    })),
  );
  v1.post(`${PATH}/reopen`, { schema: reopenSchema, config }, (request, reply) =>
    setState(services, { request, reply, params: request.params }, (payload) => ({
      kind: "reopen_account",
      payload,
      ...request.body,
    })),
  );
}

async function setState(
  services: V1Services,
  exchange: {
    request: FastifyRequest;
    reply: FastifyReply;
    params: { userId: string; currency: string };
  },
  toWanted: (asked: AccountPayload) => Wanted,
) {
  const { request, reply, params } = exchange;
  const caller = callerOf(request);
  const { account } = await resolveOwn(services.directory, caller, params);
  const wanted = toWanted({ account, byOperator: caller.kind === "key" && caller.operator });
  await submitOperation(services, { request, reply }, { ...wanted, matches: account });
  const row = await readAccount(services.db, account, params.currency);
  void reply.header("etag", accountEtag(row));
  return toAccount(row);
}
