/** Prices on the wire: currency code -> amount as text, in any currency that the ledger holds. */
import { NewDayError } from "../../../errors/errors.ts";
import { PRICE_MAX, type Prices } from "../../../market/prices/prices.ts";
import { parseAmount } from "./amount.ts";
import type { Directory } from "../../../ledger/wallets/directory.ts";

/** Errors: `invalid_currency`, `invalid_amount`, `invalid_price`. */
export async function readPrices(
  directory: Directory,
  wanted: Readonly<Record<string, string>>,
): Promise<Prices> {
  const prices: Record<string, bigint> = {};
  for (const [name, text] of Object.entries(wanted)) {
    const field = `prices.${name}`;
    const { code } = await directory.currency(name, field);
    const amount = parseAmount(text, field);
    if (amount > BigInt(PRICE_MAX))
      throw new NewDayError("invalid_price", {
        field,
        rule: { en: `must be at most ${PRICE_MAX}`, zh: `不能超过 ${PRICE_MAX}` },
      });
    prices[code] = amount;
  }
  return prices;
}

/** As `readPrices`, with at least one. Errors: as `readPrices`. */
export async function readRequiredPrices(
  directory: Directory,
  wanted: Readonly<Record<string, string>>,
): Promise<Prices> {
  const prices = await readPrices(directory, wanted);
  if (Object.keys(prices).length === 0)
    throw new NewDayError("invalid_price", {
      field: "prices",
      rule: { en: "must name at least one currency", zh: "至少要有一种货币" },
    });
  return prices;
}
