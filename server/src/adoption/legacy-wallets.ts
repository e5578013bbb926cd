/**
 * Wallets of a database before adoption: rows of the legacy table, read and created where they
 * stand. So the server is useful before, during and after the repair.
 *
 * While the foreign key stands, only players can get a wallet; other users get `repair_due`.
 */
import { coalesceReads } from "../lib/coalesced-read.ts";
import type { AdoptionState } from "../db/adoption-state.ts";
import type { Database, Queryable, Statement } from "../db/database.ts";
import { constraintOf, SQL_STATE, sqlStateOf } from "../db/sql-state.ts";
import { repairDue } from "../errors/adoption-due.ts";
import { isNewDayError, NewDayError } from "../errors/errors.ts";
import type { FoundWallet, Wallet, WalletFinder } from "../ledger/wallets/wallet.ts";

interface LegacyWalletRow {
  readonly id: string;
  readonly userId: string;
  readonly gameCoins: bigint;
  readonly cashBalance: bigint;
  readonly computingPower: bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

const WALLET_COLUMNS = `id::text as id, user_id::text as "userId", game_coins::bigint as "gameCoins",
  cash_balance::bigint as "cashBalance", computing_power::bigint as "computingPower",
  created_at as "createdAt", updated_at as "updatedAt"`;

const FIND_LEGACY_WALLETS: Statement = {
  name: "find-legacy-wallets",
  text: `select ${WALLET_COLUMNS} from public.wallets where user_id = any($1::text[])`,
};

/** The table's own defaults are the starter balances; a copy of them here could differ. */
const INSERT_LEGACY_WALLET = `insert into public.wallets (user_id) values ($1)
  on conflict (user_id) do nothing returning ${WALLET_COLUMNS}`;

/**
 * Wallet look-ups read the legacy table before adoption and the ledger afterwards. Adoption may
 * commit between the state query and the legacy statement, which then fails on the view; the state
 * is queried again.
 */
export function routeWalletLookupByAdoptionState(
  db: Database,
  readAdoption: () => Promise<AdoptionState>,
  findInLedger: WalletFinder,
): WalletFinder {
  const findLegacy = createLegacyWalletFinder(db);
  return async (userId) => {
    if ((await readAdoption()) === "adopted") return findInLedger(userId);
    try {
      return await findLegacy(userId);
    } catch (error) {
      if (isNewDayError(error) || (await readAdoption()) !== "adopted") throw error;
      return findInLedger(userId);
    }
  };
}

/** Errors of the finder: `repair_due` for a user without a player row while the key stands. */
function createLegacyWalletFinder(db: Database): WalletFinder {
  const read = coalesceReads<LegacyWalletRow>((userIds) => findLegacyWallets(db, userIds));
  return async (userId) => {
    const found = await read(userId);
    if (found) return { wallet: toWallet(found), isNewWallet: false };
    return insertLegacyWallet(db, userId);
  };
}

async function findLegacyWallets(
  db: Queryable,
  userIds: readonly string[],
): Promise<Map<string, LegacyWalletRow>> {
  const rows = await db.query<LegacyWalletRow>(FIND_LEGACY_WALLETS, [userIds]);
  return new Map(rows.map((row) => [row.userId, row]));
}

async function insertLegacyWallet(db: Database, userId: string): Promise<FoundWallet> {
  try {
    const [inserted] = await db.query<LegacyWalletRow>(INSERT_LEGACY_WALLET, [userId]);
    if (inserted) return { wallet: toWallet(inserted), isNewWallet: true };
  } catch (error) {
    throw repairDueIfKeyRefused(error);
  }
  // Another caller was first; a statement of our own sees its committed row.
  const existing = (await findLegacyWallets(db, [userId])).get(userId);
  if (!existing) throw new NewDayError("database_busy");
  return { wallet: toWallet(existing), isNewWallet: false };
}

function repairDueIfKeyRefused(error: unknown): unknown {
  if (sqlStateOf(error) !== SQL_STATE.foreignKeyViolation) return error;
  return repairDue(constraintOf(error), error);
}

function toWallet(row: LegacyWalletRow): Wallet {
  return { ...row, claim: 0n, updatedAt: row.updatedAt ?? row.createdAt };
}
