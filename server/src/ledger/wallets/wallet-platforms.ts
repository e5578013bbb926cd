/** The platform of a wallet's user, as a row that decisions read; only limits of platforms need it. */
import type { Queryable, Statement } from "../../db/database.ts";
import { bigintArray } from "../../db/pipeline/array-parameters.ts";
import {
  arrayColumn,
  BIGINT,
  bindRows,
  TEXT,
  unnested,
  type ArrayColumn,
  type ArrayStatement,
} from "../../db/tables/columns.ts";
import type { ReadRow, Resource } from "../../engine/resource.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "./owned-wallet-queries.ts";

export interface WalletPlatformRow {
  readonly wallet: bigint;
  readonly platform: string;
  /** False for a system wallet. */
  readonly isUser: boolean;
}

const read: Statement = {
  name: "wallet_platforms_read",
  text: `select w.number as wallet, ${OWNER_PLATFORM} as platform, w.role is null as "isUser"
    from newday.ledger_wallets w ${WITH_OWNERS} where w.number = any($1::bigint[])`,
};

const CHECKED: readonly ArrayColumn<ReadRow<bigint, WalletPlatformRow>>[] = [
  arrayColumn("wallet", BIGINT, ({ id }) => id),
  arrayColumn("platform", TEXT, ({ row }) => row?.platform ?? ""),
];

const requirePlatforms: ArrayStatement<ReadRow<bigint, WalletPlatformRow>> = {
  name: "wallet_platforms_require",
  text: `select newday.require_rows(count(*), cardinality($1::bigint[]))
    from ${unnested(CHECKED)} v
    left join newday.ledger_wallets w on w.number = v.wallet ${WITH_OWNERS}
    where v.platform = case when w.number is null then '' else ${OWNER_PLATFORM} end`,
  columns: CHECKED,
};

/** By wallet number. */
export const walletPlatforms: Resource<bigint, WalletPlatformRow> = {
  name: "wallet_platforms",
  async read(db: Queryable, ids: readonly bigint[]) {
    const rows = await db.query<WalletPlatformRow>(read, [bigintArray(ids)]);
    return new Map(rows.map((row) => [row.wallet, row]));
  },
  write: () => [],
  requireAsRead: (rows) => bindRows(requirePlatforms, rows),
};
