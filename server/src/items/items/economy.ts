/** The dependencies of inventory and market: the database and its engine. */
import { BoundedMap } from "../../lib/bounded-map.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Database, Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import {
  createCurrencyTable,
  requireDefinedCurrency,
} from "../../ledger/currencies/currency-table.ts";
import type {
  JsonObject,
  OperationResult,
  Outcome,
  PostedOutcome,
  PostingEngine,
} from "../../engine/operation.ts";
import { systemUserId, walletOwners, type WalletRole } from "../../ledger/wallets/wallet-rows.ts";

export interface Economy {
  readonly db: Database;
  readonly engine: PostingEngine;
  /** Number of a user's wallet. Errors: `wallet_not_found`, about `field` if the caller sent it. */
  readonly walletNumber: (userId: string, field?: string) => Promise<bigint>;
  /** Number of a currency, of New Day or of a platform. Errors: `invalid_currency`. */
  readonly currencyNumber: (code: string, field?: string) => Promise<number>;
}

/** Cache: wallet numbers by user id, which are constant; oldest evicted first. */
const REMEMBERED_MAX = 100_000;

export function createEconomy(db: Database, engine: PostingEngine): Economy {
  const currencies = createCurrencyTable(db);
  return {
    db,
    engine,
    walletNumber: createWalletNumberReader(db),
    async currencyNumber(code, field = "currency") {
      return Number((await requireDefinedCurrency(currencies, code, field)).number);
    },
  };
}

function createWalletNumberReader(db: Queryable): Economy["walletNumber"] {
  const remembered = new BoundedMap<string, bigint>(REMEMBERED_MAX);
  const read = coalesceReads((userIds) => walletOwners.read(db, userIds, false).then(asMap));
  return async (userId, field = "userId") => {
    const known = remembered.get(userId);
    if (known !== undefined) return known;
    const row = await read(userId);
    if (!row) throw new NewDayError("wallet_not_found", { field, userId });
    remembered.set(userId, row.number);
    return row.number;
  };
}

function asMap<K, V>(map: ReadonlyMap<K, V>): Map<K, V> {
  return new Map(map);
}

/** The number of a system wallet of New Day. */
export function homeWallet(economy: Economy, role: WalletRole): Promise<bigint> {
  return economy.walletNumber(systemUserId("newday", role));
}

/** Returns the posted outcome; throws a refusal as its error. */
export function requirePosted<Result extends OperationResult>(
  outcome: Outcome<Result>,
): PostedOutcome<Result> {
  if (outcome.status === "posted") return outcome;
  const { code, details } = outcome;
  throw new NewDayError(code, details);
}

/** A text in the details of a refusal of ours; its absence is an internal fault. */
export function detailText(details: JsonObject, name: string): string {
  const value = details[name];
  if (typeof value !== "string") throw new Error(`the refusal lacks ${name}`);
  return value;
}
