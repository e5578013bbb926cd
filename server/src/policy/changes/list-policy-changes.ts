/** Reads the log of decisions about budgets, consents and limits, newest first. */
import type { Queryable } from "../../db/database.ts";
import type { PolicyChangeRow } from "./policy-changes.ts";

export interface LoggedPolicyChange extends PolicyChangeRow {
  readonly changedAt: Date;
}

/** Changes of one rule by its name, of all consents of a user, or of every rule of a kind. */
export type ChangesOf =
  | { readonly subject: string }
  | { readonly consentsOf: string }
  | { readonly what: string };

export function listPolicyChanges(
  db: Queryable,
  of: ChangesOf,
  limit: number,
): Promise<LoggedPolicyChange[]> {
  const [condition, value] = conditionOf(of);
  return db.query(
    `select id, caller, what, subject, reason, before, after, changed_at as "changedAt"
      from newday.policy_changes where ${condition} order by changed_at desc, id limit $2`,
    [value, limit],
  );
}

/** Other users' ids may begin with the id of this one and a colon. */
function conditionOf(of: ChangesOf): readonly [condition: string, value: string] {
  if ("subject" in of) return ["subject = $1", of.subject];
  if ("what" in of) return ["what = $1 and subject is not null", of.what];
  return ["what = 'consent' and newday.payer_of_consent(subject) = $1", of.consentsOf];
}
