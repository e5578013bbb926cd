/** SQL of wallet owners: number, user and responsible platform. */
import type { Queryable, Statement } from "../../db/database.ts";
import type { WalletRole } from "./wallet-rows.ts";

export interface OwnedWallet {
  readonly number: bigint;
  readonly id: string;
  readonly userId: string;
  readonly platform: string;
  /** null for users. */
  readonly role: WalletRole | null;
  readonly createdAt: Date;
  /** True once the platform is recorded, so that no member changes any more. */
  readonly isFinal: boolean;
}

/**
 * The platform comes from the user's first login or opening; else from the prefix of the id; for a
 * player of the legacy table, from the player's row; else it is AllinONE, the legacy meaning of
 * bare ids (docs/incidents.md G3).
 */
const SELECT = `select w.number, w.id, w.user_id as "userId", w.role, w.created_at as "createdAt",
    coalesce(u.platform, w.platform, substring(w.user_id from '^([a-z][a-z0-9-]{0,31}):'),
      case when p.id is not null then coalesce(p.preferences->>'platform', 'newday') end,
      'allinone') as platform,
    u.platform is not null or w.role is not null as "isFinal"
  from newday.ledger_wallets w
  left join newday.users u on u.user_id = w.user_id
  left join public.players p on p.id = w.user_id`;

const BY_USER_ID: Statement = {
  name: "owned-wallets-by-user-id",
  text: `${SELECT} where w.user_id = any($1::text[])`,
};

const BY_NUMBER: Statement = {
  name: "owned-wallets-by-number",
  text: `${SELECT} where w.number = any($1::bigint[])`,
};

export async function findOwnedWalletsByUserId(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, OwnedWallet>> {
  const rows = await db.query<OwnedWallet>(BY_USER_ID, [userIds]);
  return new Map(rows.map((row) => [row.userId, row]));
}

/** By number in decimal digits. */
export async function findOwnedWalletsByNumber(
  db: Queryable,
  numbers: readonly string[],
): Promise<Map<string, OwnedWallet>> {
  const rows = await db.query<OwnedWallet>(BY_NUMBER, [numbers]);
  return new Map(rows.map((row) => [`${row.number}`, row]));
}

/** Skips a wallet that is there: two inserts at once may conflict on the id or on the user id. */
export async function insertSystemWallet(
  db: Queryable,
  wallet: { readonly userId: string; readonly platform: string; readonly role: WalletRole },
): Promise<void> {
  await db.query(
    `insert into newday.ledger_wallets (number, id, user_id, platform, role)
      values (nextval('newday.wallet_number'), $1, $1, $2, $3) on conflict do nothing`,
    [wallet.userId, wallet.platform, wallet.role],
  );
}
