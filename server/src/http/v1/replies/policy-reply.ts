/** Limits, consents and their changes as /api/v1 shows them. */
import type { Static } from "typebox";
import type { LoggedPolicyChange } from "../../../policy/changes/list-policy-changes.ts";
import { consentState, spentToday } from "../../../policy/consents/charge-consent.ts";
import type { ConsentRow } from "../../../policy/consents/consent-rows.ts";
import { nextDay } from "../../../policy/issuance/charge-budget.ts";
import type { LimitState } from "../../../ledger/policies/read-limits.ts";
import type { Caller } from "../app/caller.ts";
import type {
  ConsentSchema,
  LimitSchema,
  PolicyChangeSchema,
} from "../schemas/schemas-policies.ts";

/** Whose limits the caller sets and removes. */
export function ownerOf(caller: Caller): string {
  return isOperator(caller) ? "operator" : `platform:${caller.platform}`;
}

export function isOperator(caller: Caller): boolean {
  return caller.kind === "key" && caller.operator;
}

export function toLimit({ limit, used, left, freesAt }: LimitState): Static<typeof LimitSchema> {
  const { id, version, scope, owner, platform, userId, currency, kind, window, seconds } = limit;
  return {
    id,
    version: Number(version),
    scope,
    owner,
    platform,
    userId,
    currency,
    kind,
    window,
    seconds,
    maximum: `${limit.maximum}`,
    used: `${used}`,
    left: `${left}`,
    freesAt: freesAt?.toISOString() ?? null,
  };
}

export function toConsent(row: ConsentRow, now: Date): Static<typeof ConsentSchema> {
  const { userId, platform, currency, perDay, verbs, version, grantedBy } = row;
  const spent = spentToday(row, now);
  const state = consentState(row, now);
  const left = state === "open" && spent < perDay ? perDay - spent : 0n;
  return {
    userId,
    platform,
    currency,
    perDay: `${perDay}`,
    verbs: [...verbs],
    state,
    version: Number(version),
    grantedBy,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    spentToday: `${spent}`,
    left: `${left}`,
    nextDay: nextDay(now).toISOString(),
  };
}

export function toPolicyChange(change: LoggedPolicyChange): Static<typeof PolicyChangeSchema> {
  const { subject, changedAt, caller, reason, before, after } = change;
  return {
    policy: subject,
    changedAt: changedAt.toISOString(),
    caller,
    reason,
    before: before && { ...before },
    after: after && { ...after },
  };
}
