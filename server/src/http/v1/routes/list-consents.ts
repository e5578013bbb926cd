/** `GET /api/v1/wallets/{userId}/consents`, its changes, and `GET /api/v1/consents` for the permitted platform. */
import { Type } from "typebox";
import { accountId } from "../../../ledger/accounts/accounts.ts";
import { listCurrencies } from "../../../ledger/currencies/currency-queries.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { listPolicyChanges } from "../../../policy/changes/list-policy-changes.ts";
import { listConsentsFor, listConsentsOf } from "../../../policy/consents/consent-rows.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { toPage } from "../replies/page.ts";
import { toConsent, toPolicyChange } from "../replies/policy-reply.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import { ConsentSchema, PolicyChangeSchema } from "../schemas/schemas-policies.ts";
import {
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
import type { Services } from "../../context/services.ts";

const params = strictObject({ userId: ref(UserId) });

const ofUserSchema = {
  operationId: "listWalletConsents",
  tags: ["Consents"],
  title: { en: "List what a user permits other platforms", zh: "列出用户对其他平台的授权" },
  description: "Revoked and expired ones too.",
  params,
  response: { 200: Type.Object({ data: Type.Array(ref(ConsentSchema)) }) },
};

const changesSchema = {
  operationId: "listConsentChanges",
  tags: ["Consents"],
  title: { en: "List who granted and revoked, and why", zh: "列出授权的更改记录" },
  description: "Newest first, the last 100.",
  params,
  response: { 200: Type.Object({ data: Type.Array(ref(PolicyChangeSchema)) }) },
};

const forPlatformSchema = {
  operationId: "listConsents",
  tags: ["Consents"],
  title: {
    en: "List what users of other platforms permit the caller's platform",
    zh: "列出其他平台用户对本平台的授权",
  },
  querystring: strictObject(pageQuery),
  response: { 200: pageOf(ref(ConsentSchema)) },
};

const CHANGES_MAX = 100;

export function listConsentsRoutes(v1: V1App, services: Services): void {
  const { db, directory } = services;
  const config = { access: { scope: "wallets:read", users: true } } as const;

  v1.get("/wallets/:userId/consents", { schema: ofUserSchema, config }, async (request) => {
    const { userId } = request.params;
    const { number } = await requireWallet(directory, callerOf(request), userId);
    const currencies = await listCurrencies(db);
    const accounts = currencies.map((one) => accountId(number, Number(one.number)));
    const now = new Date();
    return { data: (await listConsentsOf(db, accounts)).map((row) => toConsent(row, now)) };
  });

  const changesPath = "/wallets/:userId/consents/changes";
  v1.get(changesPath, { schema: changesSchema, config }, async (request) => {
    const { userId } = await requireWallet(directory, callerOf(request), request.params.userId);
    const changes = await listPolicyChanges(db, { consentsOf: userId }, CHANGES_MAX);
    return { data: changes.map(toPolicyChange) };
  });

  const keysOnly = { access: { scope: "wallets:read", users: false } } as const;
  v1.get("/consents", { schema: forPlatformSchema, config: keysOnly }, async (request) => {
    const { platform } = callerOf(request);
    const { limit = PAGE_SIZE_DEFAULT, cursor, ...unread } = request.query;
    unread satisfies NothingElse;
    const listing = ["consents", platform];
    const position = decodeCursor(listing, cursor, { account: "number" });
    const after = BigInt(position?.account ?? 0);
    const rows = await listConsentsFor(db, { platform, after, limit: limit + 1 });
    const now = new Date();
    const shown = rows.slice(0, limit).map((row) => toConsent(row, now));
    return toPage(rows, shown, ({ account }) => encodeCursor(listing, { account: `${account}` }));
  });
}
