/** SQL that shows holds: exact at the time of the statement, swept or not. */
import type { Queryable } from "../../db/database.ts";
import type { HoldState } from "./holds.ts";

export interface HoldView {
  readonly id: string;
  readonly account: bigint;
  readonly toAccount: bigint | null;
  readonly amount: bigint;
  readonly captured: bigint;
  readonly state: HoldState;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

const COLUMNS = `id, account, to_account as "toAccount", amount, captured,
  case when state = 'open' and expires_at <= statement_timestamp() then 'expired' else state end
    as state,
  expires_at as "expiresAt", created_at as "createdAt"`;

export async function findHold(db: Queryable, id: string): Promise<HoldView | undefined> {
  const [row] = await db.query<HoldView>(
    { name: "hold-view", text: `select ${COLUMNS} from newday.holds where id = $1` },
    [id],
  );
  return row;
}

/** Open holds of a wallet, oldest first, after the position of the page before. */
export function listOpenHolds(
  db: Queryable,
  walletNumber: bigint,
  page: { readonly after: { createdAt: string; id: string } | undefined; readonly limit: number },
): Promise<(HoldView & { position: string })[]> {
  return db.query(
    {
      name: "open-holds-of-wallet",
      text: `select ${COLUMNS}, created_at::text as position from newday.holds
        where account >= $1::bigint << 16 and account < ($1::bigint + 1) << 16 and state = 'open'
          and (expires_at is null or expires_at > statement_timestamp())
          and ($2::timestamptz is null or (created_at, id) > ($2::timestamptz, $3::uuid))
        order by created_at, id limit $4`,
    },
    [walletNumber, page.after?.createdAt ?? null, page.after?.id ?? null, page.limit],
  );
}
