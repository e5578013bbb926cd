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

/** Whether the operation, such as the opening of a hold, was asked for by this caller. */
export async function isCallerOf(db: Queryable, id: string, caller: string): Promise<boolean> {
  const rows = await db.query(
    "select 1 from newday.transfers where id = $1 and line = 0 and caller = $2",
    [id, caller],
  );
  return rows.length > 0;
}

/** The consent under which the hold was placed, by its key; undefined for a hold within one platform. */
export async function findConsentOfHold(db: Queryable, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ consent: string }>(
    {
      name: "consent-of-hold",
      text: `select c->>'consent' as consent from newday.counted_holds,
          jsonb_array_elements(counted) as c
        where hold_id = $1 and c ? 'consent' limit 1`,
    },
    [id],
  );
  return row?.consent;
}

/** Open holds under a consent, in the order of their ids. */
export async function listHoldsUnder(
  db: Queryable,
  { account, consent }: { readonly account: bigint; readonly consent: string },
  page: { readonly after: string | null; readonly limit: number },
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    {
      name: "holds-under-consent",
      text: `select h.id from newday.holds h join newday.counted_holds c on c.hold_id = h.id
        where h.account = $1 and h.state = 'open'
          and c.counted @> jsonb_build_array(jsonb_build_object('consent', $2::text))
          and ($3::uuid is null or h.id > $3) order by h.id limit $4`,
    },
    [account, consent, page.after, page.limit],
  );
  return rows.map(({ id }) => id);
}
