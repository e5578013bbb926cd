/** Prices: one whole amount per currency; alternatives, of which the buyer pays one. */
import { NewDayError } from "../../errors/errors.ts";
import {
  CURRENCIES,
  currencyNamed,
  isOwnCurrency,
  type CurrencyCode,
} from "../../ledger/currencies/currency-names.ts";
import type { Message } from "../../lib/messages.ts";

/** docs/contract.md 5.2: a positive integer up to 10^9. */
export const PRICE_MAX = 1_000_000_000;

/** By currency code: one of New Day's own, or one that a platform defined. */
export type Prices = Readonly<Record<string, bigint>>;

/** One amount. Errors: `invalid_price`. A text is refused: "1" may be a mistake of the caller. */
export function requireAmount(value: unknown, field: string): bigint {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= PRICE_MAX)
    return BigInt(value);
  throw new NewDayError("invalid_price", {
    field,
    rule: {
      en: `must be a whole number from 1 to ${PRICE_MAX}`,
      zh: `必须是 1 到 ${PRICE_MAX} 的整数`,
    },
  });
}

/**
 * A price object with at least one currency, under any spelling. A zero or null beside a real price
 * means "not sold so"; two spellings of one currency must agree.
 * Errors: `invalid_price`, `invalid_currency`.
 */
export function requirePrices(value: unknown): Prices {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw priceRefusal({
      en: 'must be an object such as {"gameCoins": 100}',
      zh: '必须是对象，如 {"gameCoins": 100}',
    });
  const prices: Partial<Record<CurrencyCode, bigint>> = {};
  for (const [name, amount] of Object.entries(value)) {
    if (amount === undefined || amount === null || amount === 0) continue;
    const code = currencyNamed(name);
    const field = `price.${name.slice(0, 64)}`;
    if (!code)
      throw new NewDayError("invalid_currency", {
        field,
        rule: { en: "New Day does not hold it", zh: "New Day 没有此货币" },
      });
    const parsed = requireAmount(amount, field);
    if (prices[code] !== undefined && prices[code] !== parsed)
      throw priceRefusal({
        en: `names ${code} twice with different amounts`,
        zh: `${code} 出现两次且金额不同`,
      });
    prices[code] = parsed;
  }
  if (Object.keys(prices).length === 0)
    throw priceRefusal({ en: "must name at least one currency", zh: "至少要有一种货币" });
  return prices;
}

/**
 * The price by which a listing is sorted and that the shared surface shows: New Day's own first.
 */
export function firstPrice(prices: Prices): { currency: string; amount: bigint } {
  const [first] = inOrder(prices);
  if (!first) throw new Error("a price without a currency");
  return { currency: first[0], amount: first[1] };
}

/** The alternatives of a price in the order in which they are shown. */
export function inOrder(prices: Prices): (readonly [currency: string, amount: bigint])[] {
  const own = CURRENCIES.flatMap((code) => {
    const amount = prices[code];
    return amount === undefined ? [] : [[code, amount] as const];
  });
  const others = Object.entries(prices).filter(([code]) => !isOwnCurrency(code));
  return [...own, ...others.toSorted(([one], [other]) => (one < other ? -1 : 1))];
}

function priceRefusal(rule: Message): NewDayError {
  return new NewDayError("invalid_price", { field: "price", rule });
}
