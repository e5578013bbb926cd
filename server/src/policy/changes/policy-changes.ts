/** The log of decisions about budgets, consents and limits: written with the change, never edited. */
import { arrayColumn, bindRows, JSONB, TEXT, UUID } from "../../db/tables/columns.ts";
import type { ArrayStatement } from "../../db/tables/columns.ts";
import type { DecisionContext, JsonObject } from "../../engine/operation.ts";
import { insert, type Resource, type RowChange } from "../../engine/resource.ts";
import { insertFromUnnest } from "../../db/tables/columns.ts";

export interface PolicyChangeRow {
  readonly id: string;
  readonly caller: string;
  readonly what: string;
  /** The changed rule's name. */
  readonly subject: string;
  readonly reason: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

const INSERTED = [
  arrayColumn("id", UUID, ({ id }: PolicyChangeRow) => id),
  arrayColumn("caller", TEXT, ({ caller }: PolicyChangeRow) => caller),
  arrayColumn("what", TEXT, ({ what }: PolicyChangeRow) => what),
  arrayColumn("subject", TEXT, ({ subject }: PolicyChangeRow) => subject),
  arrayColumn("reason", TEXT, ({ reason }: PolicyChangeRow) => reason),
  arrayColumn("before", JSONB, ({ before }: PolicyChangeRow) => before),
  arrayColumn("after", JSONB, ({ after }: PolicyChangeRow) => after),
];

const insertChanges: ArrayStatement<PolicyChangeRow> = {
  name: "policy_changes_insert",
  text: insertFromUnnest("newday.policy_changes", INSERTED),
  columns: INSERTED,
};

/** By the id of the transfer that made the change. */
export const policyChanges: Resource<string, PolicyChangeRow> = {
  name: "policy_changes",
  read: () => Promise.resolve(new Map()),
  write: (changes) => [
    bindRows(
      insertChanges,
      changes.map(({ after }) => after),
    ),
  ],
};

/** The row of the log for the operation that is being decided. */
export function logChange(
  { transferId, operation }: DecisionContext,
  changed: Pick<PolicyChangeRow, "what" | "subject" | "reason" | "before" | "after">,
): RowChange {
  const row = { id: transferId, caller: operation.terms.caller, ...changed };
  return insert(policyChanges, transferId, row);
}
