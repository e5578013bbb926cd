/** SQL of consents. */
import type { Statement } from "../../db/database.ts";
import {
  arrayColumn,
  arrayColumns,
  BIGINT,
  JSONB,
  selectList,
  TEXT,
  TIMESTAMPTZ,
  type ArrayColumn,
  type ArrayStatement,
  type Columns,
} from "../../db/tables/columns.ts";
import { statementsByRevision, updateByRevision } from "../../db/tables/revisions.ts";
import type { ReadRow, RowUpdate } from "../../engine/resource.ts";
import type { ConsentRow } from "./consent-rows.ts";

/** The key of a consent: its account and the platform that may pay from it. */
export function consentKey(account: bigint, platform: string): string {
  return `${account}/${platform}`;
}

export function partsOf(key: string): { account: bigint; platform: string } {
  const [account = "", platform = ""] = key.split("/");
  return { account: BigInt(account), platform };
}

const COLUMNS: Columns<ConsentRow> = {
  account: ["account", BIGINT],
  platform: ["platform", TEXT],
  userId: ["user_id", TEXT],
  currency: ["currency", TEXT],
  perDay: ["per_day", BIGINT],
  verbs: ["verbs", JSONB],
  grantedBy: ["granted_by", TEXT],
  expiresAt: ["expires_at", TIMESTAMPTZ],
  revokedAt: ["revoked_at", TIMESTAMPTZ],
  version: ["version", BIGINT],
  day: ["day", TIMESTAMPTZ],
  spentOnDay: ["spent_on_day", BIGINT],
  revision: ["revision", BIGINT],
};

const SELECT = `select ${selectList(COLUMNS)} from newday.consents`;

const BY_KEY = `${SELECT} join (select unnest($1::bigint[]) as account, unnest($2::text[]) as platform) k
  using (account, platform)`;
const read: Statement = { name: "consents_read", text: BY_KEY };
const lock: Statement = {
  name: "consents_lock",
  text: `${BY_KEY} order by account, platform for update of consents`,
};

export function readConsents(locking: boolean): Statement {
  return locking ? lock : read;
}

const UPDATED: readonly ArrayColumn<RowUpdate<ConsentRow>>[] = [
  arrayColumn("account", BIGINT, ({ before }) => before.account),
  arrayColumn("platform", TEXT, ({ before }) => before.platform),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("per_day", BIGINT, ({ after }) => after.perDay),
  arrayColumn("verbs", JSONB, ({ after }) => after.verbs),
  arrayColumn("granted_by", TEXT, ({ after }) => after.grantedBy),
  arrayColumn("expires_at", TIMESTAMPTZ, ({ after }) => after.expiresAt),
  arrayColumn("revoked_at", TIMESTAMPTZ, ({ after }) => after.revokedAt),
  arrayColumn("version", BIGINT, ({ after }) => after.version),
  arrayColumn("day", TIMESTAMPTZ, ({ after }) => after.day),
  arrayColumn("spent_on_day", BIGINT, ({ after }) => after.spentOnDay),
];

/** Of a payment, which leaves the permission as it is. */
const COUNTED: readonly ArrayColumn<RowUpdate<ConsentRow>>[] = [
  arrayColumn("account", BIGINT, ({ before }) => before.account),
  arrayColumn("platform", TEXT, ({ before }) => before.platform),
  arrayColumn("revision", BIGINT, ({ before }) => before.revision),
  arrayColumn("day", TIMESTAMPTZ, ({ after }) => after.day),
  arrayColumn("spent_on_day", BIGINT, ({ after }) => after.spentOnDay),
];

const INSERTED = arrayColumns(COLUMNS);

const CHECKED: readonly ArrayColumn<ReadRow<string, ConsentRow>>[] = [
  arrayColumn("account", BIGINT, ({ id }) => partsOf(id).account),
  arrayColumn("platform", TEXT, ({ id }) => partsOf(id).platform),
  arrayColumn("revision", BIGINT, ({ row }) => row?.revision ?? 0n),
];

/** A row that is missing is at revision 0. */
export const consentStatements = statementsByRevision("consents", {
  keys: ["account", "platform"],
  updated: UPDATED,
  inserted: INSERTED,
  checked: CHECKED,
});

export const countPayments: ArrayStatement<RowUpdate<ConsentRow>> = {
  name: "consents_count",
  text: updateByRevision("newday.consents", ["account", "platform"], COUNTED),
  columns: COUNTED,
};

/** Consents of these accounts, revoked ones too. */
export const listOfAccounts: Statement = {
  name: "consents_of_accounts",
  text: `${SELECT} where account = any($1::bigint[]) order by platform, account`,
};

/** Consents to a platform, page by page. */
export const listOfPlatform: Statement = {
  name: "consents_of_platform",
  text: `${SELECT} where platform = $1 and account > $2 order by account limit $3`,
};
