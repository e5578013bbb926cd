/** A wallet as every surface sees it, wherever its balances are kept. Amounts in minor units. */
export interface Wallet {
  readonly id: string;
  readonly userId: string;
  readonly gameCoins: bigint;
  readonly cashBalance: bigint;
  readonly computingPower: bigint;
  /** Part of the game coins that is not posted yet: the starter grant. */
  readonly claim: bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface FoundWallet {
  readonly wallet: Wallet;
  /** True for exactly one of the calls that meet a new user. */
  readonly isNewWallet: boolean;
}

/** Finds the wallet of a user, or opens it with a claim on the starter grant. */
export type WalletFinder = (userId: string) => Promise<FoundWallet>;
