/** What operators hold of users, as rows of the posting engine. */
import type { Queryable, Statement } from "../../db/database.ts";
import { plainArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  bindRows,
  JSONB,
  selectList,
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

export interface HeldItem {
  readonly id: string;
  readonly locked: boolean;
}

export interface ConfiscationRow {
  /** Of the operation that took it. */
  readonly id: string;
  readonly wallet: bigint;
  /** null: no money. */
  readonly account: bigint | null;
  readonly amount: bigint;
  /** Part of the amount that is locked again when it goes back. */
  readonly locked: bigint;
  readonly items: readonly HeldItem[];
  readonly takenAt: Date;
  readonly returnedAt: Date | null;
  readonly revision: bigint;
}

const COLUMNS: Columns<ConfiscationRow> = {
  id: ["id", UUID_LITERAL],
  wallet: ["wallet", BIGINT],
  account: ["account", BIGINT],
  amount: ["amount", BIGINT],
  locked: ["locked", BIGINT],
  items: ["items", JSONB],
  takenAt: ["taken_at", TIMESTAMPTZ_LITERAL],
  returnedAt: ["returned_at", TIMESTAMPTZ_LITERAL],
  revision: ["revision", BIGINT],
};

const READ = `select ${selectList(COLUMNS)} from newday.confiscations where id = any($1::uuid[])`;
const read: Statement = { name: "confiscations_read", text: READ };
const lock: Statement = { name: "confiscations_lock", text: `${READ} order by id for update` };

const UPDATED: readonly ArrayColumn<RowUpdate<ConfiscationRow>>[] = [
  arrayColumn("id", UUID_LITERAL, ({ before }) => before.id),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("returned_at", TIMESTAMPTZ_LITERAL, ({ after }) => after.returnedAt),
];
const CHECKED: readonly ArrayColumn<ReadRow<string, ConfiscationRow>>[] = [
  arrayColumn("id", UUID_LITERAL, ({ id }) => id),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

const statements = statementsByRevision("confiscations", {
  keys: ["id"],
  updated: UPDATED,
  inserted: arrayColumns(COLUMNS, ["revision"]),
  checked: CHECKED,
});

/** By id. */
export const confiscations: Resource<string, ConfiscationRow> = {
  name: "confiscations",
  async read(db: Queryable, ids: readonly string[], locking: boolean) {
    const rows = await db.query<ConfiscationRow>(locking ? lock : read, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(statements.update, updates),
      insert: (rows) => bindRows(statements.insert, rows),
    }),
  requireAsRead: (rows) => bindRows(statements.require, rows),
};

export interface ListedConfiscation extends ConfiscationRow {
  readonly userId: string;
  readonly currency: string | null;
}

/** Newest first; of one user where it is given. */
export function listConfiscations(
  db: Queryable,
  {
    id = null,
    wallet = null,
    before,
    limit,
  }: {
    readonly id?: string | null;
    readonly wallet?: bigint | null;
    readonly before?: { readonly at: Date; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<ListedConfiscation[]> {
  return db.query(
    `select ${selectList(COLUMNS, "t")}, w.user_id as "userId", c.code as currency
     from newday.confiscations t
       join newday.ledger_wallets w on w.number = t.wallet
       left join newday.currencies c on c.number = t.account & 65535
     where ($1::uuid is null or t.id = $1) and ($2::bigint is null or t.wallet = $2)
       and ($3::timestamptz is null or (t.taken_at, t.id) < ($3, $4::uuid))
     order by t.taken_at desc, t.id desc limit $5`,
    [id, wallet, before?.at ?? null, before?.id ?? null, limit],
  );
}
