/** `POST /api/v1/wallets/{userId}/consents` and `/consents/revoke`: what another platform may pay. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { grantConsent, revokeConsent } from "../../../ledger/policies/grant-consent.ts";
import { accountOf } from "../../../ledger/wallets/wallet-accounts.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { listConsentsOf } from "../../../policy/consents/consent-rows.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import { toConsent } from "../replies/policy-reply.ts";
import { parseAmount } from "../request/amount.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { requireOwnLogin, requireProof } from "../request/user-session.ts";
import {
  ConsentSchema,
  ConsentVerbSchema,
  PlatformName,
  PolicyReason,
} from "../schemas/schemas-policies.ts";
import {
  Amount,
  CurrencyCodeSchema,
  ref,
  strictObject,
  Timestamp,
  UserId,
} from "../schemas/schemas.ts";
import type { Services } from "../../context/services.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";

const params = strictObject({ userId: ref(UserId) });
const named = { platform: PlatformName, currency: ref(CurrencyCodeSchema) };

const grantSchema = {
  operationId: "postConsent",
  tags: ["Consents"],
  title: { en: "Permit another platform to pay from an account", zh: "授权其他平台使用账户" },
  description:
    "At most `perDay` a UTC day, by the named operations, and no items. With `transfer` the other platform's " +
    "server pays its own users from this account, and the user pays users of that platform; with `hold` it " +
    "reserves. A new grant replaces the one before; what was paid today stays counted. By the platform's key, or by a " +
    "session that a proof of the user's own opened.",
  params,
  body: strictObject({
    ...named,
    perDay: ref(Amount),
    verbs: Type.Array(ConsentVerbSchema, {
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
      description: "the permitted operations: transfer, hold",
    }),
    expiresAt: Type.Optional(ref(Timestamp)),
    reason: ref(PolicyReason),
  }),
  response: { 201: ref(ConsentSchema) },
};

const revokeSchema = {
  operationId: "postConsentRevoke",
  tags: ["Consents"],
  title: { en: "Revoke a consent", zh: "撤销授权" },
  description:
    "Holds for the very next payment and capture. What the platform has on hold under the consent and has not captured yet is given back.",
  params,
  body: strictObject({ ...named, reason: ref(PolicyReason) }),
  response: { 201: ref(ConsentSchema) },
};

const config = { access: { scope: "consents:write", users: true }, writes: true } as const;

export function postConsentRoutes(v1: V1App, services: Services): void {
  const PATH = "/wallets/:userId/consents";
  v1.post(PATH, { schema: grantSchema, config }, async (request, reply) => {
    const { platform, currency, perDay, verbs, expiresAt, reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wallet = await requirePayer(services, request);
    requireProof(callerOf(request), NEEDS_PROOF);
    requireOwnLogin(callerOf(request));
    await services.platforms.requirePlatform(platform, "platform");
    const wanted = {
      userId: wallet.userId,
      home: wallet.platform,
      platform,
      currency,
      perDay: parseAmount(perDay, "perDay"),
      verbs,
      expiresAt: parseTime(expiresAt, "expiresAt") ?? null,
      reason,
    };
    const { outcome } = await grantConsent(services, wanted, termsFor(request, {}));
    answerPosted({ request, reply }, outcome);
    return readConsent(services, wallet, { platform, currency });
  });

  v1.post(`${PATH}/revoke`, { schema: revokeSchema, config }, async (request, reply) => {
    const { platform, currency, reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wallet = await requirePayer(services, request);
    const { userId } = wallet;
    const revoked = { userId, platform, currency, reason };
    const { outcome } = await revokeConsent(services, revoked, termsFor(request, {}));
    answerPosted({ request, reply }, outcome);
    return readConsent(services, wallet, { platform, currency });
  });
}

const NEEDS_PROOF = {
  en: "a consent needs a proof of the user, because another platform's key then pays from the account",
  zh: "授权需要用户的证明，因为之后其他平台的密钥可从该账户付款",
};

async function requirePayer(
  { directory }: Services,
  request: Parameters<typeof callerOf>[0] & { readonly params: { readonly userId: string } },
): Promise<OwnedWallet> {
  const wallet = await requireWallet(directory, callerOf(request), request.params.userId);
  if (wallet.role === null) return wallet;
  throw new NewDayError("forbidden", {
    field: "userId",
    rule: {
      en: "is a user; a system account gives no consent",
      zh: "必须是用户；系统账户不能授权",
    },
  });
}

async function readConsent(
  { db, directory }: Services,
  wallet: OwnedWallet,
  { platform, currency }: { platform: string; currency: string },
) {
  const account = accountOf(wallet, await directory.currency(currency));
  const row = (await listConsentsOf(db, [account])).find((one) => one.platform === platform);
  if (!row) throw new NewDayError("policy_not_found");
  return toConsent(row, new Date());
}
