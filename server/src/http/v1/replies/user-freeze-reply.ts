/** The reply of a user's freezes. */
import type { Static } from "typebox";
import type { UserFreeze, UserFreezes } from "../../../policy/user-freezes/user-freeze-rows.ts";
import type { UserFreezeSchema, UserFreezesSchema } from "../schemas/schemas-policies.ts";

export function toUserFreezes(
  userId: string,
  { platform, operator, audit }: UserFreezes,
): Static<typeof UserFreezesSchema> {
  return {
    userId,
    platform: platform && toFreeze(platform),
    operator: operator && toFreeze(operator),
    audit: audit && toFreeze(audit),
  };
}

function toFreeze({
  debits,
  credits,
  reason,
  since,
  until,
}: UserFreeze): Static<typeof UserFreezeSchema> {
  return {
    debits,
    credits,
    reason,
    since: since.toISOString(),
    until: until?.toISOString() ?? null,
  };
}
