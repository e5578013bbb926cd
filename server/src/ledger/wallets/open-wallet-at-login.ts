/** The wallet of a user who logs in. A proof posts the starter grant, and makes its lock void. */
import { accountId } from "../accounts/accounts.ts";
import { GAME_COINS } from "../currencies/currencies.ts";
import { prepareStarterGrant } from "./granting-engine.ts";
import type { PostingServices } from "./posting-services.ts";
import type { Wallet, WalletFinder } from "./wallet.ts";

export interface LoggedIn {
  readonly userId: string;
  readonly isVerified: boolean;
}

/** A refused grant, as by a spent budget, stays a claim for the first payment. Errors: those of the engine. */
export async function openWalletAtLogin(
  services: PostingServices & { readonly findOrOpenWallet: WalletFinder },
  { userId, isVerified }: LoggedIn,
): Promise<Wallet> {
  const { wallet } = await services.findOrOpenWallet(userId);
  if (!isVerified || wallet.claim === 0n) return wallet;
  const account = accountId(await services.directory.walletNumber(userId), GAME_COINS);
  await services.engine.submit(await prepareStarterGrant(services, account));
  return wallet;
}
