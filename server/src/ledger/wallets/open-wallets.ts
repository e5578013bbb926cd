/**
 * Finds and opens wallets in the ledger.
 *
 * A user has one wallet for ever. Any number of simultaneous calls for a new user open one wallet
 * with one opening transfer. Exactly one caller gets `isNew`.
 */
import { uuidv7 } from "uuidv7";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import { NewDayError } from "../../errors/errors.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { Operation } from "../../engine/operation.ts";
import type { PostingServices } from "./posting-services.ts";
import { openWalletOperation } from "./open-wallet-operation.ts";
import { STARTER_BALANCES } from "./starter-balances.ts";
import { HOME_PLATFORM } from "../../identity/platforms.ts";
import { findWallets, takeWalletNumbers } from "./wallet-queries.ts";
import type { FoundWallet, Wallet, WalletFinder } from "./wallet.ts";

/**
 * `findOrOpenWallet` of an adopted database. Concurrent queries share one statement. The starter
 * balances come from the home platform's mint. Errors: those of `PostingEngine.submit`.
 */
export function createWalletFinder({ db, engine, directory }: PostingServices): WalletFinder {
  const read = coalesceReads<Wallet>((userIds) => findWallets(db, userIds));

  return async (userId): Promise<FoundWallet> => {
    const found = await read(userId);
    if (found) return { wallet: found, isNewWallet: false };
    const [number = 0n] = await takeWalletNumbers(db, 1);
    const mint = await directory.systemWallet(HOME_PLATFORM, "mint");
    const opening = starterWallet(userId, { number, mint });
    const outcome = await engine.submit(opening);
    if (outcome.status === "refused" && outcome.code !== "wallet_exists")
      throw new NewDayError(outcome.code, outcome.details);
    const wallet = await read(userId);
    if (!wallet) throw new NewDayError("database_busy");
    return { wallet, isNewWallet: outcome.status === "posted" };
  };
}

/**
 * Opens wallets for users that lack one, with the starter balances; returns the number of new ones.
 * For seeding and imports: one batch for many users.
 */
export async function openWallets(
  { db, engine, directory }: PostingServices,
  userIds: readonly string[],
): Promise<number> {
  const mint = await directory.systemWallet(HOME_PLATFORM, "mint");
  const numbers = await takeWalletNumbers(db, userIds.length);
  const outcomes = await engine.submitMany(
    userIds.map((userId, index) => starterWallet(userId, { number: numbers[index] ?? 0n, mint })),
    "independent",
  );
  return outcomes.filter(({ status }) => status === "posted").length;
}

function starterWallet(
  userId: string,
  { number, mint }: { number: bigint; mint: bigint },
): Operation<null> {
  return operationOf(
    openWalletOperation,
    {
      number,
      id: uuidv7(),
      userId,
      platform: null,
      createdAt: new Date(),
      updatedAt: null,
      opening: STARTER_BALANCES,
      source: mint,
    },
    { caller: HOME_PLATFORM },
  );
}
