/**
 * The one place that answers which wallet, which account and which currency a caller means.
 *
 * A wallet's number, id, user, role and recorded platform change by an erasure and by the user's first proof
 * alone, which evict it: such wallets are cached, and so is that a user has consented to a platform once. Everything
 * else is read again with each question.
 */
import { BoundedMap } from "../../lib/bounded-map.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Database, Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { currencyOf, walletOf } from "../accounts/accounts.ts";
import type { CurrencyRow } from "../currencies/currencies.ts";
import { createCurrencyTable, requireDefinedCurrency } from "../currencies/currency-table.ts";
import { createConsentReader, type HasConsented } from "./known-consents.ts";
import { systemUserId, type WalletRole } from "./wallet-rows.ts";
import {
  findOwnedWalletsByNumber,
  findOwnedWalletsByUserId,
  insertSystemWallet,
  type OwnedWallet,
} from "./owned-wallet-queries.ts";

export interface Directory {
  /** The wallet of a user, or of a platform's system by its reserved user id. */
  findWallet(userId: string): Promise<OwnedWallet | undefined>;
  /** The number of that wallet. Errors: `wallet_not_found`, about `field` if the caller sent it. */
  walletNumber(userId: string, field?: string): Promise<bigint>;
  /** The number of a platform's system wallet, which is made when it is missing. */
  systemWallet(platform: string, role: WalletRole): Promise<bigint>;
  /** Wallets of these accounts, by wallet number. */
  walletsOf(accounts: Iterable<bigint>): Promise<ReadonlyMap<bigint, OwnedWallet>>;
  /** Errors: `invalid_currency`, about `field`. */
  currency(code: string, field?: string): Promise<CurrencyRow>;
  /** Code of an account's currency. */
  codeOf(account: bigint): Promise<string>;
  /** Whether the account's user ever consented to payments by the platform. */
  hasConsented: HasConsented;
  /**
   * After an erasure or a first proof. An outdated entry is harmless for the books: nothing is posted for an erased
   * user, and limits read the platform with the posting.
   */
  evictWallet(number: bigint): void;
  /** When such a notification may have been missed. */
  evictWallets(): void;
}

/** Cache: wallets by user id and by number; a notification evicts its own, oldest first. Each takes about 400 bytes. */
const CACHED_WALLETS_MAX = 50_000;

export function createDirectory(db: Database): Directory {
  const wallets = createWalletReader(db);
  const currencies = createCurrencyTable(db);
  return {
    ...wallets,
    hasConsented: createConsentReader(db),
    currency: (code, field = "currency") => requireDefinedCurrency(currencies, code, field),
    async codeOf(account) {
      const number = BigInt(currencyOf(account));
      const currency = await currencies((one) => one.number === number);
      if (!currency) throw new Error(`currency ${number} has no row`);
      return currency.code;
    },
  };
}

type WalletReader = Omit<Directory, "currency" | "codeOf" | "hasConsented">;

function createWalletReader(db: Database): WalletReader {
  const cached = createWalletCache();
  const readByUserId = coalesceReads<OwnedWallet>((ids) => findOwnedWalletsByUserId(db, ids));
  const readByNumber = coalesceReads<OwnedWallet>((ids) => findOwnedWalletsByNumber(db, ids));

  async function findWallet(userId: string): Promise<OwnedWallet | undefined> {
    const known = cached.byUserId.get(userId);
    if (known?.isFinal) return known;
    return cached.keepRead(() => readByUserId(userId));
  }

  async function findByNumber(number: bigint): Promise<OwnedWallet | undefined> {
    const known = cached.byNumber.get(number);
    return known ?? cached.keepRead(() => readByNumber(`${number}`));
  }

  return {
    findWallet,
    evictWallet: (number) => cached.evict(number),
    evictWallets: () => cached.evictAll(),
    async walletNumber(userId, field = "userId") {
      const wallet = cached.byUserId.get(userId) ?? (await findWallet(userId));
      if (!wallet) throw new NewDayError("wallet_not_found", { field, userId });
      return wallet.number;
    },
    async systemWallet(platform, role) {
      const userId = systemUserId(platform, role);
      const wallet = (await findWallet(userId)) ?? (await openSystemWallet(db, platform, role));
      return wallet.number;
    },
    async walletsOf(accounts) {
      const numbers = [...new Set([...accounts].map(walletOf))];
      const wallets = await Promise.all(numbers.map(findByNumber));
      return new Map(wallets.flatMap((wallet) => (wallet ? [[wallet.number, wallet]] : [])));
    },
  };
}

interface WalletCache {
  readonly byUserId: BoundedMap<string, OwnedWallet>;
  /** Final wallets only. */
  readonly byNumber: BoundedMap<bigint, OwnedWallet>;
  /** A row that was read while the cache was evicted may be outdated, and is not kept. */
  keepRead(read: () => Promise<OwnedWallet | undefined>): Promise<OwnedWallet | undefined>;
  evict(number: bigint): void;
  evictAll(): void;
}

function createWalletCache(): WalletCache {
  const byUserId = new BoundedMap<string, OwnedWallet>(CACHED_WALLETS_MAX);
  const byNumber = new BoundedMap<bigint, OwnedWallet>(CACHED_WALLETS_MAX);
  /** The keys of `byUserId`, of wallets that are not final too. */
  const userIds = new BoundedMap<bigint, string>(CACHED_WALLETS_MAX);
  let generation = 0;
  return {
    byUserId,
    byNumber,
    evict(number) {
      generation += 1;
      const userId = userIds.get(number);
      if (userId !== undefined) byUserId.delete(userId);
      byNumber.delete(number);
      userIds.delete(number);
    },
    evictAll() {
      generation += 1;
      byUserId.clear();
      userIds.clear();
      byNumber.clear();
    },
    async keepRead(read) {
      const before = generation;
      const wallet = await read();
      if (!wallet || generation !== before) return wallet;
      byUserId.set(wallet.userId, wallet);
      userIds.set(wallet.number, wallet.userId);
      if (wallet.isFinal) byNumber.set(wallet.number, wallet);
      return wallet;
    },
  };
}

/**
 * The number of a platform's system wallet; makes a missing one, safely from several processes at
 * once. Its accounts get their bounds from the role (ledger/transfers/apply-posting.ts). Callers with a
 * directory ask that instead.
 */
export async function ensureSystemWallet(
  db: Queryable,
  platform: string,
  role: WalletRole,
): Promise<bigint> {
  const userId = systemUserId(platform, role);
  const known = (await findOwnedWalletsByUserId(db, [userId])).get(userId);
  return (known ?? (await openSystemWallet(db, platform, role))).number;
}

async function openSystemWallet(
  db: Queryable,
  platform: string,
  role: WalletRole,
): Promise<OwnedWallet> {
  const userId = systemUserId(platform, role);
  await insertSystemWallet(db, { userId, platform, role });
  const wallet = (await findOwnedWalletsByUserId(db, [userId])).get(userId);
  if (!wallet) throw new Error(`the system wallet ${userId} vanished`);
  return wallet;
}
