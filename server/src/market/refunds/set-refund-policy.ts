/** Sets how long purchases from a platform's sellers and shop are refunded, and who gives the commission back. */
import { operationOf, defineOperationType, type Exactly } from "../../engine/operation-type.ts";
import type { JsonObject } from "../../engine/operation.ts";
import { change, rowKey } from "../../engine/resource.ts";
import type {
  ModelChange,
  OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import {
  operatorTerms,
  requirePolicyField,
  requireReason,
  submitPolicyChange,
  type PolicyChange,
} from "../../ledger/policies/policy-command.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { logChange } from "../../policy/changes/policy-changes.ts";
import { requireStoredPlatform } from "../../identity/platforms/platform-directory.ts";
import {
  defaultRefundPolicy,
  refundPolicies,
  type CommissionPayer,
  type RefundPolicyRow,
} from "./refund-rows.ts";

export interface RefundPolicyWanted {
  readonly platform: string;
  readonly windowDays: number;
  readonly commission: CommissionPayer;
  readonly reason: string;
}

export const setRefundPolicyOperation = defineOperationType<RefundPolicyWanted, PolicyChange>()({
  name: "set_refund_policy",
  readWriteSet: ({ platform }) => [rowKey(refundPolicies, platform)],
  decide({ platform, windowDays, commission, reason }, view, context) {
    const known = view.get(refundPolicies, platform) ?? defaultRefundPolicy(platform);
    const wanted = { ...known, windowDays, commission, version: known.version + 1n };
    const [before, after] = [termsOf(known), termsOf(wanted)];
    if (JSON.stringify(before) === JSON.stringify(after)) return { refuse: "already_so" };
    const subject = `refund-policy:${platform}`;
    return {
      changes: [
        change(refundPolicies, platform, wanted),
        logChange(context, { what: "refund-policy", subject, reason, before, after }),
      ],
      result: { subject, before, after },
    };
  },
});

function termsOf({ windowDays, commission }: RefundPolicyRow): JsonObject {
  return { windowDays, commission };
}

const WINDOW_DAYS_MAX = 3_650;

/** Errors: `invalid_field`, `already_so`. */
export async function setRefundPolicy<Given extends RefundPolicyWanted>(
  services: PostingServices,
  context: OperatorContext,
  given: Exactly<RefundPolicyWanted, Given>,
): Promise<ModelChange> {
  const { platform, windowDays, commission, reason }: RefundPolicyWanted = given;
  await requireStoredPlatform(services.db, platform, "platform");
  const fits = Number.isInteger(windowDays) && windowDays >= 0 && windowDays <= WINDOW_DAYS_MAX;
  requirePolicyField(fits, "days", {
    en: `is a whole number from 0 to ${WINDOW_DAYS_MAX}`,
    zh: `必须是 0 到 ${WINDOW_DAYS_MAX} 之间的整数`,
  });
  const payload = { platform, windowDays, commission, reason: requireReason(reason) };
  const operation = operationOf(setRefundPolicyOperation, payload, operatorTerms(context));
  return submitPolicyChange(services, context, { what: "refund policy", operation });
}
