/** Price and terms of an offer of own stock, as a body has them. */
import type { Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { PRICE_MAX } from "../../../market/prices/prices.ts";
import type { StockTerms } from "../../../market/stock/manage-stock-operations.ts";
import type { StockPrice } from "../../../market/stock/stock-rows.ts";
import type { Services } from "../../context/services.ts";
import { parseTime } from "../app/v1-app.ts";
import type { stockTerms, UnitPrice } from "../schemas/schemas-stock.ts";
import { parseAmount } from "./amount.ts";

export type GivenStockTerms = {
  [Name in keyof typeof stockTerms]?: Static<(typeof stockTerms)[Name]> | undefined;
};

/** Errors: `invalid_field` for an impossible time. */
export function readStockTerms(
  given: GivenStockTerms,
): Partial<Omit<StockTerms, "currency" | "price" | "status">> {
  const { stock, perUserLimit, perDayLimit, buyers, startsAt, endsAt, ...unread } = given;
  unread satisfies NothingElse;
  return {
    ...(stock !== undefined && { stock: countOf(stock) }),
    ...(perUserLimit !== undefined && { perUserLimit: countOf(perUserLimit) }),
    ...(perDayLimit !== undefined && { perDayLimit: countOf(perDayLimit) }),
    ...(buyers !== undefined && { buyers }),
    ...(startsAt !== undefined && { startsAt: timeOf(startsAt, "startsAt") }),
    ...(endsAt !== undefined && { endsAt: timeOf(endsAt, "endsAt") }),
  };
}

function countOf(pieces: number | null): bigint | null {
  return pieces === null ? null : BigInt(pieces);
}

function timeOf(text: string | null, field: string): Date | null {
  return text === null ? null : (parseTime(text, field) ?? null);
}

/** Errors: `invalid_currency`, `invalid_amount`, `invalid_price`. */
export async function readStockPrice(
  { directory }: Pick<Services, "directory">,
  { currency, amount }: Static<typeof UnitPrice>,
): Promise<StockPrice> {
  const { code } = await directory.currency(currency, "price.currency");
  const price = parseAmount(amount, "price.amount");
  if (price <= BigInt(PRICE_MAX)) return { currency: code, price };
  throw new NewDayError("invalid_price", {
    field: "price.amount",
    rule: { en: `must be at most ${PRICE_MAX}`, zh: `不能超过 ${PRICE_MAX}` },
  });
}
