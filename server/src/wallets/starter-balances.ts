/** Currencies that every New Day wallet shows, and what a new one begins with. */

/** Numbers of the built-in currencies (migration 0002). */
export const GAME_COINS = 1;
export const CASH = 2;
export const COMPUTING_POWER = 3;

/** Minor units of a new wallet: the legacy table's defaults, 1000 / 0 / 0 (CONTRACT.md 10). */
export const STARTER_BALANCES = [
  { currency: GAME_COINS, amount: 1000n },
  { currency: CASH, amount: 0n },
  { currency: COMPUTING_POWER, amount: 0n },
] as const;
