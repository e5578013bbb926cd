/** Grants, changes and revokes what another platform may pay from an account. */
import type { JsonObject, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { logChange } from "../../policy/changes/policy-changes.ts";
import { consentName, consentState } from "../../policy/consents/charge-consent.ts";
import { consentKey } from "../../policy/consents/consent-queries.ts";
import { consents, type ConsentRow, type ConsentVerb } from "../../policy/consents/consent-rows.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import { notInFuture } from "../../policy/rules/policy-refusal.ts";
import { startOfDay } from "../../policy/issuance/charge-budget.ts";
import type { PolicyChange } from "./policy-command.ts";

interface ConsentPlace {
  readonly account: bigint;
  readonly platform: string;
  readonly reason: string;
}

export interface GrantConsentPayload extends ConsentPlace {
  readonly userId: string;
  readonly currency: string;
  readonly perDay: bigint;
  readonly verbs: readonly ConsentVerb[];
  readonly expiresAt: Date | null;
}

/** One consent for a platform and an account: a new grant replaces it; what was paid today stays counted. */
export const grantConsentOperation = defineOperationType<GrantConsentPayload, PolicyChange>()({
  name: "grant_consent",
  readWriteSet: ({ account, platform }) => [rowKey(consents, consentKey(account, platform))],
  decide({ reason, account, platform, userId, ...more }, view, context) {
    const { currency, perDay, verbs, expiresAt, ...unread } = more;
    unread satisfies NothingElse;
    const granted = { account, platform, userId, currency, perDay, verbs, expiresAt };
    const { now, operation } = context;
    if (granted.expiresAt && granted.expiresAt.getTime() <= now.getTime())
      return notInFuture("expiresAt");
    const known = knownConsent(view, granted);
    const row: ConsentRow = {
      day: startOfDay(now),
      spentOnDay: 0n,
      revision: 0n,
      ...known,
      ...granted,
      revokedAt: null,
      grantedBy: operation.terms.caller,
      version: (known?.version ?? 0n) + 1n,
    };
    const states = { before: shown(known, now), after: shown(row, now) };
    const subject = consentName(row.userId, row);
    return {
      changes: [
        change(consents, consentKey(row.account, row.platform), row),
        logChange(context, { what: "consent", subject, reason, ...states }),
      ],
      result: { subject, ...states },
    };
  },
});

/** Holds for the very next payment and capture; the command ends the open holds. */
export const revokeConsentOperation = defineOperationType<ConsentPlace, PolicyChange>()({
  name: "revoke_consent",
  readWriteSet: ({ account, platform }) => [rowKey(consents, consentKey(account, platform))],
  decide({ account, platform, reason, ...unread }, view, context) {
    unread satisfies NothingElse;
    const { now } = context;
    const known = knownConsent(view, { account, platform });
    if (!known) return { refuse: "policy_not_found" };
    if (known.revokedAt) return { refuse: "already_so" };
    const row = { ...known, revokedAt: now, version: known.version + 1n };
    const states = { before: shown(known, now), after: shown(row, now) };
    const subject = consentName(row.userId, row);
    return {
      changes: [
        change(consents, consentKey(account, platform), row),
        logChange(context, { what: "consent", subject, reason, ...states }),
      ],
      result: { subject, ...states },
    };
  },
});

function knownConsent(
  view: View,
  { account, platform }: Pick<ConsentRow, "account" | "platform">,
): ConsentRow | undefined {
  return view.get(consents, consentKey(account, platform));
}

function shown(row: ConsentRow | undefined, now: Date): JsonObject | null {
  if (!row) return null;
  const { perDay, verbs, expiresAt, version, grantedBy } = row;
  return {
    state: consentState(row, now),
    perDay: `${perDay}`,
    verbs: [...verbs],
    expiresAt: expiresAt?.toISOString() ?? null,
    grantedBy,
    version: Number(version),
  };
}
