/** SQL of the freezes of users. */
import type { NamedStatement, Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  insertFromUnnest,
  namesOf,
  parametersOf,
  selectList,
  SMALLINT,
  TEXT,
  TIMESTAMPTZ_LITERAL,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import type { RowUpdate } from "../../engine/resource.ts";

export interface StoredUserFreeze {
  readonly wallet: bigint;
  readonly userId: string;
  readonly platformBlocks: number | null;
  readonly platformReason: string | null;
  readonly platformSince: Date | null;
  readonly platformUntil: Date | null;
  readonly operatorBlocks: number | null;
  readonly operatorReason: string | null;
  readonly operatorSince: Date | null;
  readonly operatorUntil: Date | null;
  readonly auditBlocks: number | null;
  readonly auditReason: string | null;
  readonly auditSince: Date | null;
  readonly auditUntil: Date | null;
  readonly erasedAs: string | null;
  readonly revision: bigint;
}

const COLUMNS: Columns<StoredUserFreeze> = {
  wallet: ["wallet", BIGINT],
  userId: ["user_id", TEXT],
  platformBlocks: ["platform_blocks", SMALLINT],
  platformReason: ["platform_reason", TEXT],
  platformSince: ["platform_since", TIMESTAMPTZ_LITERAL],
  platformUntil: ["platform_until", TIMESTAMPTZ_LITERAL],
  operatorBlocks: ["operator_blocks", SMALLINT],
  operatorReason: ["operator_reason", TEXT],
  operatorSince: ["operator_since", TIMESTAMPTZ_LITERAL],
  operatorUntil: ["operator_until", TIMESTAMPTZ_LITERAL],
  auditBlocks: ["audit_blocks", SMALLINT],
  auditReason: ["audit_reason", TEXT],
  auditSince: ["audit_since", TIMESTAMPTZ_LITERAL],
  auditUntil: ["audit_until", TIMESTAMPTZ_LITERAL],
  erasedAs: ["erased_as", TEXT],
  revision: ["revision", BIGINT],
};

const SELECT = `select ${selectList(COLUMNS)} from newday.user_freezes`;
const BY_WALLET = `${SELECT} where wallet = any($1::bigint[])`;

export function readUserFreezes(locking: boolean): Statement {
  return locking
    ? { name: "user_freezes_lock", text: `${BY_WALLET} order by wallet for update` }
    : { name: "user_freezes_read", text: BY_WALLET };
}

export const readOwnerFreezes: Statement = {
  name: "owner_freezes_read",
  text: `${SELECT} where user_id = any($1::text[])`,
};

/**
 * Nearly every user has no row: their absence is one index probe each. Rows that are there are compared by
 * revision.
 */
function requireText(key: "wallet" | "user_id", type: string): string {
  return `select newday.require_rows(
    (select count(*) from newday.user_freezes where ${key} = any($1::${type}[]))
    + (select count(*)
      from unnest($2::${type}[], $3::bigint[]) as v (${key}, revision)
      left join newday.user_freezes f using (${key})
      where f.revision is distinct from v.revision), 0)`;
}

export const requireUserFreezes: NamedStatement = {
  name: "user_freezes_require",
  text: requireText("wallet", "bigint"),
};

export const requireOwnerFreezes: NamedStatement = {
  name: "owner_freezes_require",
  text: requireText("user_id", "text"),
};

/** Whether some freeze of this row, `newday.user_freezes` as `f`, is in force. */
export const FREEZE_IN_FORCE = ["platform", "operator", "audit"]
  .map(
    (side) => `(f.${side}_blocks is not null
      and (f.${side}_until is null or f.${side}_until > statement_timestamp()))`,
  )
  .join(" or ");

type Update = RowUpdate<StoredUserFreeze>;

const UPDATED: readonly ArrayColumn<Update>[] = [
  arrayColumn("wallet", BIGINT, ({ before }) => before.wallet),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("platform_blocks", SMALLINT, ({ after }) => after.platformBlocks),
  arrayColumn("platform_reason", TEXT, ({ after }) => after.platformReason),
  arrayColumn("platform_since", TIMESTAMPTZ_LITERAL, ({ after }) => after.platformSince),
  arrayColumn("platform_until", TIMESTAMPTZ_LITERAL, ({ after }) => after.platformUntil),
  arrayColumn("operator_blocks", SMALLINT, ({ after }) => after.operatorBlocks),
  arrayColumn("operator_reason", TEXT, ({ after }) => after.operatorReason),
  arrayColumn("operator_since", TIMESTAMPTZ_LITERAL, ({ after }) => after.operatorSince),
  arrayColumn("operator_until", TIMESTAMPTZ_LITERAL, ({ after }) => after.operatorUntil),
  arrayColumn("audit_blocks", SMALLINT, ({ after }) => after.auditBlocks),
  arrayColumn("audit_reason", TEXT, ({ after }) => after.auditReason),
  arrayColumn("audit_since", TIMESTAMPTZ_LITERAL, ({ after }) => after.auditSince),
  arrayColumn("audit_until", TIMESTAMPTZ_LITERAL, ({ after }) => after.auditUntil),
  arrayColumn("erased_as", TEXT, ({ after }) => after.erasedAs),
];

export const updateUserFreezes: ArrayStatement<Update> = {
  name: "user_freezes_update",
  text: `with written as (
    update newday.user_freezes f set revision = f.revision + 1,
      platform_blocks = v.platform_blocks, platform_reason = v.platform_reason,
      platform_since = v.platform_since, platform_until = v.platform_until,
      operator_blocks = v.operator_blocks, operator_reason = v.operator_reason,
      operator_since = v.operator_since, operator_until = v.operator_until,
      audit_blocks = v.audit_blocks, audit_reason = v.audit_reason,
      audit_since = v.audit_since, audit_until = v.audit_until,
      erased_as = v.erased_as
    from unnest(${parametersOf(UPDATED)}) as v (${namesOf(UPDATED)})
    where f.wallet = v.wallet and f.revision = v.revision
    returning 1
  )
  select newday.require_rows((select count(*) from written), cardinality($1::bigint[]))`,
  columns: UPDATED,
};

const INSERTED = arrayColumns(COLUMNS, ["revision"]);

export const insertUserFreezes: ArrayStatement<Omit<StoredUserFreeze, "revision">> = {
  name: "user_freezes_insert",
  text: insertFromUnnest("newday.user_freezes", INSERTED),
  columns: INSERTED,
};
