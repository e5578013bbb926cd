/** SQL of the spending limits. */
import type { Statement } from "../../db/database.ts";
import { arrayColumn, BIGINT, JSONB, TEXT, type ArrayColumn } from "../../db/tables/columns.ts";
import { statementsByRevision } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import type { SpendingLimit, SpendingLimitsRow } from "./limit-rows.ts";

/** Amounts and versions are texts in JSON. */
export interface StoredLimits {
  readonly subject: string;
  readonly limits: readonly (Omit<SpendingLimit, "version" | "maximum"> & {
    readonly version: string;
    readonly maximum: string;
  })[];
  readonly revision: bigint;
}

const READ = `select subject, limits, revision from newday.spending_limits
  where subject = any($1::text[])`;
const read: Statement = { name: "spending_limits_read", text: READ };
/** Batches that only check the row of the platforms share it; a change of it waits for them. */
const lock: Statement = {
  name: "spending_limits_lock",
  text: `${READ} order by subject for share`,
};

export function readSpendingLimits(locking: boolean): Statement {
  return locking ? lock : read;
}

function toStored({ limits }: SpendingLimitsRow): object {
  return limits.map((limit) => ({
    ...limit,
    version: `${limit.version}`,
    maximum: `${limit.maximum}`,
  }));
}

const UPDATED: readonly ArrayColumn<RowUpdate<SpendingLimitsRow>>[] = [
  arrayColumn("subject", TEXT, ({ before }) => before.subject),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("limits", JSONB, ({ after }) => toStored(after)),
];

const INSERTED: readonly ArrayColumn<SpendingLimitsRow>[] = [
  arrayColumn("subject", TEXT, ({ subject }) => subject),
  arrayColumn("limits", JSONB, toStored),
];

const CHECKED: readonly ArrayColumn<ReadRow<string, SpendingLimitsRow>>[] = [
  arrayColumn("subject", TEXT, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

/** A row that is missing is at revision 0. */
export const spendingLimitStatements = statementsByRevision("spending_limits", {
  keys: ["subject"],
  updated: UPDATED,
  inserted: INSERTED,
  checked: CHECKED,
});
