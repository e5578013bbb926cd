/** SQL of a user's accounts that have entries. */
import type { Queryable } from "../../db/database.ts";

/** The accounts that changed last: their places have to fit into a cursor. A platform's user has a few. */
export const ACCOUNTS_MAX = 30;

export interface ChangedAccount {
  readonly account: bigint;
  /** Of the currency. */
  readonly number: number;
  readonly currency: string;
  /** Of the last entry. */
  readonly version: bigint;
}

export function listChangedAccounts(db: Queryable, wallet: bigint): Promise<ChangedAccount[]> {
  return db.query(
    {
      name: "changed-accounts",
      text: `select a.id as account, (a.id & 65535)::int as number, c.code as currency, a.version
        from newday.accounts a join newday.currencies c on c.number = a.id & 65535
        where a.id >= $1::bigint << 16 and a.id < ($1::bigint + 1) << 16 and a.version > 0
        order by a.changed_at desc, a.id limit $2`,
    },
    [wallet, ACCOUNTS_MAX],
  );
}
