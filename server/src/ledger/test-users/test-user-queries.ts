/** SQL of what a user has before it is named a test user. */
import type { Queryable } from "../../db/database.ts";
import { TEST_USER } from "../accounts/account-restrictions.ts";
import { GAME_COINS } from "../currencies/currencies.ts";

export interface UserTraces {
  /** Money of the user is marked already: it was a test user before. */
  readonly marked: boolean;
  /** A login or a platform's server has made the user known. */
  readonly known: boolean;
  /** The old server kept a wallet of it. */
  readonly adopted: boolean;
  /** Money beyond a newcomer's, or a payment of any kind. */
  readonly paid: boolean;
  /** Items, listings or purchases. */
  readonly traded: boolean;
}

/** A newcomer's account has no entry; wallets of before hold the starter balance, by one transfer. */
const TRACES = `with own as (
    select a.flags, a.version = 0 and a.balance = 0 or a.version = 1 and a.held = 0
        and a.id & 65535 = ${GAME_COINS} and a.balance = 1000 as new
      from newday.ledger_wallets w
      join newday.accounts a on a.id between w.number << 16 and (w.number << 16) + 65535
     where w.user_id = $1)
  select exists (select from own where flags & ${TEST_USER} <> 0) as marked,
    exists (select from newday.users where user_id = $1) as known,
    exists (select from own where not new) as paid,
    exists (select from newday.items where owner_id = $1)
      or exists (select from newday.listings where seller_id = $1)
      or exists (select from newday.purchases where buyer_id = $1) as traded`;

/** What the database holds of a user. */
export async function findTraces(db: Queryable, userId: string): Promise<UserTraces> {
  const [row] = await db.query<Omit<UserTraces, "adopted">>(TRACES, [userId]);
  if (!row) throw new Error("a select without a row");
  return { ...row, adopted: await hadLegacyWallet(db, userId) };
}

/** Wallets without a player too: after the repair, external users had them on the old server. */
async function hadLegacyWallet(db: Queryable, userId: string): Promise<boolean> {
  const [table] = await db.query<{ exists: boolean }>(
    "select to_regclass('newday_legacy.wallets') is not null as exists",
  );
  if (!table?.exists) return false;
  const rows = await db.query(
    "select from newday_legacy.wallets where user_id::text = $1 limit 1",
    [userId],
  );
  return rows.length > 0;
}
