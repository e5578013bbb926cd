/** The erasure of a person by operators, which is final: it always waits for a second person. */
import { requireUnblocked } from "../../privacy/erasure/erase-person.ts";
import type { Property } from "../../privacy/erasure/erasure-queries.ts";
import type { ActContext, ActOutcome } from "../acts/act.ts";
import {
  erasePersonAsOperator,
  type ErasureResult,
  type OperatorErasure,
} from "../users/user-data.ts";
import { performSetting } from "./perform-setting.ts";
import { always, changeContextOf, type SettingKind, type SettingServices } from "./setting.ts";

export type WantedErasure = OperatorErasure & { readonly [name: string]: string };

export const eraseUserSetting: SettingKind<WantedErasure> = {
  what: "user erase",
  role: "owner",
  subjectOf: ({ userId }) => userId,
  userIdOf: ({ userId }) => userId,
  needsApproval: always,
  async perform(services, context, wanted) {
    const result = await erasePersonAsOperator(services, context, wanted);
    const { plan } = result;
    if (plan && context.dryRun) requireUnblocked(plan.blockers);
    const { open, property } = wanted;
    return {
      what: "user erase",
      subject: wanted.userId,
      accounts: 0n,
      before: plan ? showProperty(plan.property) : null,
      after: "erasedOn" in result ? { erasedOn: result.erasedOn } : { open, property },
    };
  },
};

/** What a request of an erasure came to: a plan, an erasure of before, or an approval that waits. */
export type RequestedErasure = ErasureResult | { readonly asked: ActOutcome };

/** Errors: as `erasePersonAsOperator`. */
export async function requestErasure(
  services: SettingServices,
  context: ActContext,
  wanted: WantedErasure,
): Promise<RequestedErasure> {
  const preview = changeContextOf({ ...context, dryRun: true }, wanted);
  const known = await erasePersonAsOperator(services, preview, wanted);
  if (context.dryRun || "erasedOn" in known) return known;
  return { asked: await performSetting(services, context, eraseUserSetting, wanted) };
}

/** As the log and the commands show it: digits. */
export function showProperty(property: Property): Record<string, string> {
  const { balances, holds, listings, gifts, items, sessions, consents } = property;
  const counts = { holds, listings, gifts, items, sessions, consents };
  const shown = Object.entries(counts).map(([name, count]) => [name, `${count}`]);
  return { ...balances, ...Object.fromEntries(shown) };
}
