/** Grants and revokes what another platform may pay from a user's account, logged with the reason. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import type { ConsentVerb } from "../../policy/consents/consent-rows.ts";
import { consentKey } from "../../policy/consents/consent-queries.ts";
import { voidHoldOperation } from "../holds/hold-operation.ts";
import { listHoldsUnder } from "../holds/hold-view-queries.ts";
import { accountId } from "../accounts/accounts.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { grantConsentOperation, revokeConsentOperation } from "./consent-operation.ts";
import { requirePolicyField, requireReason, type PolicyChange } from "./policy-command.ts";

interface ConsentNamed {
  /** The payer, whom the caller may act for. */
  readonly userId: string;
  /** The platform of the payer. */
  readonly home: string;
  /** The other platform, which exists. */
  readonly platform: string;
  readonly currency: string;
  readonly reason: string;
}

export interface ConsentWanted extends ConsentNamed {
  readonly perDay: bigint;
  readonly verbs: readonly ConsentVerb[];
  readonly expiresAt: Date | null;
}

/** Errors: `invalid_field`, `invalid_currency`, `wallet_not_found`. */
export async function grantConsent<Given extends ConsentWanted>(
  services: PostingServices,
  wanted: Exactly<ConsentWanted, Given>,
  terms: OperationTerms,
): Promise<Submitted<PolicyChange>> {
  const { reason, verbs, home, ...granted }: ConsentWanted = wanted;
  const { userId, platform, currency, perDay, expiresAt, ...unread } = granted;
  unread satisfies NothingElse;
  requirePolicyField(platform !== home, "platform", {
    en: "is another platform than the user's own, which needs no consent",
    zh: "必须是用户所属平台以外的平台；本平台无需授权",
  });
  const account = await accountOfUser(services, { userId, currency });
  const payload = {
    account,
    platform,
    userId,
    currency,
    perDay,
    verbs: [...new Set(verbs)],
    expiresAt,
    reason: requireReason(reason),
  };
  return submitOperation(services.engine, operationOf(grantConsentOperation, payload, terms));
}

/**
 * Revokes, and gives back what is on hold under the consent: from the revocation on nothing of it is captured.
 * Repeated, also under another key, it ends the holds that an interruption left. Errors: `policy_not_found` and
 * `already_so` as outcomes.
 */
export async function revokeConsent<Given extends Omit<ConsentNamed, "home">>(
  services: PostingServices,
  revoked: Exactly<Omit<ConsentNamed, "home">, Given>,
  terms: OperationTerms,
): Promise<Submitted<PolicyChange>> {
  const { userId, platform, currency, reason, ...unread }: Omit<ConsentNamed, "home"> = revoked;
  unread satisfies NothingElse;
  const account = await accountOfUser(services, { userId, currency });
  const payload = { account, platform, reason: requireReason(reason) };
  const revocation = operationOf(revokeConsentOperation, payload, terms);
  const submitted = await submitOperation(services.engine, revocation);
  const { outcome } = submitted;
  if (outcome.status === "posted" || outcome.code === "already_so")
    await endHolds(services, { account, platform }, terms.caller);
  return submitted;
}

/** One batch of the engine. */
const HOLDS_PER_BATCH = 200;

/** An id is passed once: a hold whose void is refused has ended otherwise meanwhile. */
async function endHolds(
  { db, engine }: PostingServices,
  { account, platform }: { readonly account: bigint; readonly platform: string },
  caller: string,
): Promise<void> {
  const consent = consentKey(account, platform);
  let after: string | null = null;
  for (;;) {
    const page = { after, limit: HOLDS_PER_BATCH };
    const ids: string[] = await listHoldsUnder(db, { account, consent }, page);
    const voids = ids.map((holdId) => operationOf(voidHoldOperation, { holdId }, { caller }));
    if (voids.length > 0) await engine.submitMany(voids, "independent");
    if (ids.length < HOLDS_PER_BATCH) return;
    after = ids.at(-1) ?? null;
  }
}

async function accountOfUser(
  { directory }: PostingServices,
  { userId, currency }: Pick<ConsentNamed, "userId" | "currency">,
): Promise<bigint> {
  const { number } = await directory.currency(currency);
  return accountId(await directory.walletNumber(userId), Number(number));
}
