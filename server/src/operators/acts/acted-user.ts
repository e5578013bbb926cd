/** The user of an act. */
import { NewDayError } from "../../errors/errors.ts";
import type { Directory } from "../../ledger/wallets/directory.ts";
import type { OwnedWallet } from "../../ledger/wallets/owned-wallet-queries.ts";

/** A user's wallet, never a system's. Errors: `wallet_not_found`. */
export async function requireUserWallet(
  directory: Directory,
  userId: string,
): Promise<OwnedWallet> {
  const wallet = await directory.findWallet(userId);
  if (wallet && wallet.role === null) return wallet;
  throw new NewDayError("wallet_not_found", { field: "userId", userId });
}
