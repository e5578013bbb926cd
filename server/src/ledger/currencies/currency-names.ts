/**
 * The one table of names for money (docs/contract.md 10): every spelling is accepted, one is
 * stored, and those that clients read are emitted.
 */
import { NewDayError } from "../../errors/errors.ts";

/** New Day's own currencies, which the older surfaces know; platforms may have defined more. */
export type CurrencyCode = "game_coins" | "cash" | "computing_power";

/** In the order in which a price with alternatives names its first one. */
export const CURRENCIES: readonly CurrencyCode[] = ["game_coins", "cash", "computing_power"];

const ALIASES: Readonly<Record<CurrencyCode, readonly string[]>> = {
  game_coins: [
    "gameCoins",
    "game_coins",
    "gameCoin",
    "game_coin",
    "newDayGameCoins",
    "newDayGameCoin",
    "newDayCoins",
    "NDC",
    "coins",
  ],
  cash: ["cash", "cashBalance", "cash_balance", "real_money"],
  computing_power: [
    "computingPower",
    "computing_power",
    "computePower",
    "compute_points",
    "computing",
  ],
};

/** What /api/shared and /api/allinone emit. */
const EMITTED: Readonly<Record<CurrencyCode, string>> = {
  game_coins: "gameCoins",
  cash: "cash",
  computing_power: "computingPower",
};

const BY_ALIAS = new Map<string, CurrencyCode>(
  CURRENCIES.flatMap((code) =>
    ALIASES[code].flatMap((alias) => [[alias, code] as const, [fold(alias), code] as const]),
  ),
);

/** Case and separators are ignored in our currencies' names. */
function fold(name: string): string {
  return name.replaceAll(/[-_\s]/g, "").toLowerCase();
}

/** The stored code of any spelling, or undefined for money outside New Day. */
export function currencyNamed(name: unknown): CurrencyCode | undefined {
  if (typeof name !== "string") return undefined;
  // Most callers send a spelling of the table; only others have to be folded.
  return BY_ALIAS.get(name) ?? BY_ALIAS.get(fold(name));
}

/** Errors: `invalid_currency`. */
export function requireCurrency(name: unknown, field: string): CurrencyCode {
  const code = currencyNamed(name);
  if (code) return code;
  throw new NewDayError("invalid_currency", {
    field,
    received: typeof name === "string" ? name.slice(0, 64) : typeof name,
    rule: {
      en: `must be one of ${CURRENCIES.map(emittedName).join(", ")}`,
      zh: `必须是 ${CURRENCIES.map(emittedName).join("、")} 之一`,
    },
  });
}

/** The spelling that the clients of the older surfaces read; a platform's currency has its code. */
export function emittedName(code: string): string {
  return isOwnCurrency(code) ? EMITTED[code] : code;
}

/** True for the currencies that every wallet of the older surfaces shows. */
export function isOwnCurrency(code: string): code is CurrencyCode {
  return Object.hasOwn(EMITTED, code);
}
