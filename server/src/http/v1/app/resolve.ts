/** Resolves a request's user id and currency code to an account of the ledger. */
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import type { Caller } from "./caller.ts";
import type { Directory } from "../../../ledger/wallets/directory.ts";
import { accountOf } from "../../../ledger/wallets/wallet-accounts.ts";
import { requirePeer, requireWallet } from "./authorization-scope.ts";

export interface Named {
  readonly userId: string;
  readonly currency: string;
  /** Name of the field that holds the user id, for refusals. */
  readonly field?: string;
}

/**
 * An account that the caller may read and spend from.
 * Errors: `invalid_user_id`, `wallet_not_found`, `invalid_currency`.
 */
export async function resolveOwn(
  directory: Directory,
  caller: Caller,
  { userId, currency, field = "userId" }: Named,
): Promise<{ wallet: OwnedWallet; account: bigint }> {
  const wallet = await requireWallet(directory, caller, userId, field);
  return { wallet, account: accountOf(wallet, await directory.currency(currency)) };
}

/** An account that the caller may pay to. Errors: as `resolveOwn`. */
export async function resolvePeer(
  directory: Directory,
  caller: Caller,
  { userId, currency, field = "to" }: Named,
): Promise<bigint> {
  const wallet = await requirePeer(directory, caller, userId, field);
  return accountOf(wallet, await directory.currency(currency));
}
