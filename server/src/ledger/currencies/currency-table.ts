/** Cache: currencies by code and by number; permanent, because both are constant and few. */
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Database } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { CurrencyRow } from "./currencies.ts";
import { listCurrencies } from "./currency-queries.ts";

/** The first currency that matches; one that was defined just now is found too. */
export type CurrencyTable = (
  wanted: (currency: CurrencyRow) => boolean,
) => Promise<CurrencyRow | undefined>;

/**
 * A miss queries the database. Callers that miss together share one query: the items of a bulk
 * request all arrive at once.
 */
export function createCurrencyTable(db: Database): CurrencyTable {
  let rows: readonly CurrencyRow[] = [];
  const load = coalesceReads<readonly CurrencyRow[]>(async ([key = ""]) => {
    return new Map([[key, await listCurrencies(db)]]);
  });
  return async (wanted) => {
    const found = rows.find(wanted);
    if (found) return found;
    rows = (await load("all")) ?? [];
    return rows.find(wanted);
  };
}

/** The currency with this code. Errors: `invalid_currency`, about the field that named it. */
export async function requireDefinedCurrency(
  table: CurrencyTable,
  code: string,
  field: string,
): Promise<CurrencyRow> {
  const currency = await table((one) => one.code === code);
  if (currency) return currency;
  throw new NewDayError("invalid_currency", {
    field,
    rule: { en: "is not a currency of New Day", zh: "不是 New Day 的货币" },
    remedy: {
      en: "Use a currency that GET /api/v1/currencies lists.",
      zh: "请使用 GET /api/v1/currencies 列出的货币",
    },
  });
}
