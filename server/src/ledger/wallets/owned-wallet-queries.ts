/** SQL of wallet owners: number, user and responsible platform. */
import type { Queryable, Statement } from "../../db/database.ts";
import { arrayColumns, namesOf, selectList, unnested } from "../../db/tables/columns.ts";
import { WALLET_COLUMNS } from "./wallet-row-queries.ts";
import type { WalletRole, WalletRow } from "./wallet-rows.ts";

export interface OwnedWallet {
  readonly number: bigint;
  readonly id: string;
  readonly userId: string;
  readonly platform: string;
  /** null for users. */
  readonly role: WalletRole | null;
  readonly createdAt: Date;
  /** True once the platform is recorded: then a member changes by an erasure or the user's first proof alone. */
  readonly isFinal: boolean;
}

/**
 * The platform comes from the proof that verified the user, until then from their first login or opening; else from the prefix of the id; for a
 * player of the legacy table, from the player's row; else it is AllinONE, the legacy meaning of
 * bare ids (docs/incidents.md G3).
 */
export const OWNER_PLATFORM = `coalesce(u.platform, w.platform,
      substring(w.user_id from '^([a-z][a-z0-9-]{0,31}):'),
      case when p.id is not null then coalesce(p.preferences->>'platform', 'newday') end,
      'allinone')`;

/** The joins of `OWNER_PLATFORM`, beside wallets `w`. */
export const WITH_OWNERS = `left join newday.users u on u.user_id = w.user_id
  left join public.players p on p.id = w.user_id`;

const { number, id, userId, platform, role, createdAt } = WALLET_COLUMNS;

const SELECT = `select ${selectList({ number, id, userId, role, createdAt }, "w")},
    ${OWNER_PLATFORM} as platform,
    u.platform is not null or w.role is not null as "isFinal"
  from newday.ledger_wallets w
  ${WITH_OWNERS}`;

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

const SYSTEM_COLUMNS = { id, userId, platform, role };
const SYSTEM = arrayColumns<Pick<WalletRow, keyof typeof SYSTEM_COLUMNS>>(SYSTEM_COLUMNS);
const SYSTEM_NAMES = namesOf(SYSTEM);

/** Skips a wallet that is there: two inserts at once may conflict on the id or on the user id. */
export async function insertSystemWallet(
  db: Queryable,
  wallet: { readonly userId: string; readonly platform: string; readonly role: WalletRole },
): Promise<void> {
  const row = { ...wallet, id: wallet.userId };
  await db.query(
    `insert into newday.ledger_wallets (number, ${SYSTEM_NAMES})
      select nextval('newday.wallet_number'), ${SYSTEM_NAMES} from ${unnested(SYSTEM)} v
      on conflict do nothing`,
    SYSTEM.map(({ encode }) => encode([row])),
  );
}
