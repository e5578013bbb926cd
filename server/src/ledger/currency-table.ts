/** Currencies by code and by number, remembered: neither ever changes, and there are few. */
import { coalesceReads } from "../db/coalesced-read.ts";
import type { Database } from "../db/database.ts";
import type { CurrencyRow } from "./currencies.ts";
import { listCurrencies } from "./currency-queries.ts";

/** The first currency that matches; one that was defined just now is found too. */
export type CurrencyTable = (
  wanted: (currency: CurrencyRow) => boolean,
) => Promise<CurrencyRow | undefined>;

/**
 * A miss alone asks the database again. Callers that miss together share one query: the items of a
 * bulk request all ask at once.
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
