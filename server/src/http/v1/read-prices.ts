/** Prices on the wire: currency code -> amount as text, in the currencies that the market trades. */
import { NewDayError } from "../../errors.ts";
import { CURRENCIES, type CurrencyCode } from "../../market/currency-names.ts";
import { PRICE_MAX, type Prices } from "../../market/prices.ts";
import { parseAmount } from "./amount.ts";

/** Errors: `invalid_currency`, `invalid_amount`, `invalid_price`. */
export function readPrices(wanted: Readonly<Record<string, string>>): Prices {
  const prices: Partial<Record<CurrencyCode, bigint>> = {};
  for (const [name, text] of Object.entries(wanted)) {
    const field = `prices.${name}`;
    const code = CURRENCIES.find((one) => one === name);
    if (!code)
      throw new NewDayError("invalid_currency", {
        field,
        rule: `the market trades in ${CURRENCIES.join(", ")}`,
      });
    const amount = parseAmount(text, field);
    if (amount > BigInt(PRICE_MAX))
      throw new NewDayError("invalid_price", { field, rule: `must be at most ${PRICE_MAX}` });
    prices[code] = amount;
  }
  return prices;
}

/** As `readPrices`, with at least one. Errors: as `readPrices`. */
export function requirePrices(wanted: Readonly<Record<string, string>>): Prices {
  const prices = readPrices(wanted);
  if (Object.keys(prices).length === 0)
    throw new NewDayError("invalid_price", {
      field: "prices",
      rule: "must name at least one currency",
    });
  return prices;
}
