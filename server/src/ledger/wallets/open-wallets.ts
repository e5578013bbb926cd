/**
 * Finds and opens wallets in the ledger.
 *
 * A user has one wallet for ever. Any number of simultaneous calls for a new user open one wallet
 * with one claim on the starter grant. Exactly one caller gets `isNew`.
 */
import { uuidv7 } from "uuidv7";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import { NewDayError } from "../../errors/errors.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { Operation } from "../../engine/operation.ts";
import { GAME_COINS } from "../currencies/currencies.ts";
import type { PostingServices } from "./posting-services.ts";
import { openWalletOperation } from "./open-wallet-operation.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { findNewOwner, findWallets, takeWalletNumbers } from "./wallet-queries.ts";
import type { FoundWallet, Wallet, WalletFinder } from "./wallet.ts";

/**
 * `findOrOpenWallet` of an adopted database. Concurrent queries share one statement. The claim is the
 * starter grant of the user's platform. Errors: those of `PostingEngine.submit`.
 */
export function createWalletFinder(services: PostingServices): WalletFinder {
  const { db, engine, directory } = services;
  const read = coalesceReads<Wallet>((userIds) => findWallets(db, userIds));

  return async (userId): Promise<FoundWallet> => {
    const found = await read(userId);
    if (found) return { wallet: found, isNewWallet: false };
    const { number, starterGrant: claim } = await findNewOwner(db, userId);
    const source = await directory.systemWallet(HOME_PLATFORM, "mint");
    const outcome = await engine.submit(newWallet(userId, { number, source, claim, coins: 0n }));
    if (outcome.status === "refused" && outcome.code !== "wallet_exists")
      throw new NewDayError(outcome.code, outcome.details);
    const wallet = await read(userId);
    if (!wallet) throw new NewDayError("database_busy");
    return { wallet, isNewWallet: outcome.status === "posted" };
  };
}

/**
 * Opens wallets for users that lack one, each with `coins` that may be sent to any user; returns the number
 * of new ones. For seeding and imports: one batch for many users.
 */
export async function openWallets(
  { db, engine, directory }: PostingServices,
  userIds: readonly string[],
  coins = 1_000n,
): Promise<number> {
  const source = await directory.systemWallet(HOME_PLATFORM, "mint");
  const numbers = await takeWalletNumbers(db, userIds.length);
  const outcomes = await engine.submitMany(
    userIds.map((userId, index) =>
      newWallet(userId, { number: numbers[index] ?? 0n, source, claim: 0n, coins }),
    ),
    "independent",
  );
  return outcomes.filter(({ status }) => status === "posted").length;
}

interface Opening {
  readonly number: bigint;
  readonly source: bigint;
  readonly claim: bigint;
  readonly coins: bigint;
}

function newWallet(userId: string, { number, source, claim, coins }: Opening): Operation<null> {
  return operationOf(
    openWalletOperation,
    {
      number,
      id: uuidv7(),
      userId,
      platform: null,
      createdAt: new Date(),
      updatedAt: null,
      opening: coins > 0n ? [{ currency: GAME_COINS, amount: coins }] : [],
      claim,
      source,
    },
    { caller: HOME_PLATFORM },
  );
}
