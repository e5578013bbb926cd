/** The currencies of every New Day wallet, and the balances of a new one. */
import { CASH, COMPUTING_POWER, GAME_COINS } from "../currencies/currencies.ts";

/** Minor units of a new wallet: the legacy table's defaults, 1000 / 0 / 0 (docs/contract.md 10). */
export const STARTER_BALANCES = [
  { currency: GAME_COINS, amount: 1000n },
  { currency: CASH, amount: 0n },
  { currency: COMPUTING_POWER, amount: 0n },
] as const;
