/** Acts that wait for a second person, as rows of the posting engine. */
import type { Queryable, Statement } from "../../db/database.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  bindRows,
  selectList,
  TEXT,
  TIMESTAMPTZ_LITERAL,
  UUID_LITERAL,
  type ArrayColumn,
  type Columns,
} from "../../db/tables/columns.ts";
import { statementsByRevision } from "../../db/tables/revisions.ts";
import {
  writeChanges,
  type ReadRow,
  type Resource,
  type RowUpdate,
} from "../../engine/resource.ts";

/** `approved`: an act of several steps that is being done; `done` once it is. */
export const APPROVAL_STATUSES = ["pending", "approved", "done", "rejected"] as const;

export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export interface ApprovalRow {
  /** Of the operation that asked. */
  readonly id: string;
  readonly what: string;
  /** The asker's role: who approves has it, or a higher one. */
  readonly role: string;
  /** Behind the asker, who may have asked by a key. */
  readonly person: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly status: string;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly revision: bigint;
}

const COLUMNS: Columns<ApprovalRow> = {
  id: ["id", UUID_LITERAL],
  what: ["what", TEXT],
  role: ["role", TEXT],
  person: ["person", TEXT],
  askedBy: ["asked_by", TEXT],
  askedAt: ["asked_at", TIMESTAMPTZ_LITERAL],
  expiresAt: ["expires_at", TIMESTAMPTZ_LITERAL],
  status: ["status", TEXT],
  decidedBy: ["decided_by", TEXT],
  decidedAt: ["decided_at", TIMESTAMPTZ_LITERAL],
  revision: ["revision", BIGINT],
};

/** For the select list of other statements. */
export const APPROVAL_COLUMNS = selectList(COLUMNS, "a");

const READ = `select ${selectList(COLUMNS)} from newday.approvals where id = any($1::uuid[])`;
const read: Statement = { name: "approvals_read", text: READ };
const lock: Statement = { name: "approvals_lock", text: `${READ} order by id for update` };

const UPDATED: readonly ArrayColumn<RowUpdate<ApprovalRow>>[] = [
  arrayColumn("id", UUID_LITERAL, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("status", TEXT, ({ after }) => after.status),
  arrayColumn("decided_by", TEXT, ({ after }) => after.decidedBy),
  arrayColumn("decided_at", TIMESTAMPTZ_LITERAL, ({ after }) => after.decidedAt),
];
const CHECKED: readonly ArrayColumn<ReadRow<string, ApprovalRow>>[] = [
  arrayColumn("id", UUID_LITERAL, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

const statements = statementsByRevision("approvals", {
  keys: ["id"],
  updated: UPDATED,
  inserted: arrayColumns(COLUMNS, ["revision"]),
  checked: CHECKED,
});

/** By id. */
export const approvals: Resource<string, ApprovalRow> = {
  name: "approvals",
  async read(db: Queryable, ids: readonly string[], locking: boolean) {
    const rows = await db.query<ApprovalRow>(locking ? lock : read, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(statements.update, updates),
      insert: (rows) => bindRows(statements.insert, rows),
    }),
  requireAsRead: (rows) => bindRows(statements.require, rows),
};
