/** SQL of currencies and exchange pairs. */
import type { Queryable, Statement } from "../../db/database.ts";
import type { CurrencyRow } from "./currencies.ts";

const COLUMNS = "number::bigint, code, scale, minimum, maximum, exposure, minters";

export const readCurrencies: Statement = {
  name: "currencies_read",
  text: `select ${COLUMNS} from newday.currencies where number = any($1::smallint[])`,
};

export const readExchangePairs: Statement = {
  name: "exchange_pairs_read",
  text: `select source_currency || '>' || target_currency as pair, numerator, denominator
    from newday.exchange_pairs where source_currency || '>' || target_currency = any($1::text[])`,
};

/** Every currency, in the order of their numbers. */
export function listCurrencies(db: Queryable): Promise<CurrencyRow[]> {
  return db.query(`select ${COLUMNS} from newday.currencies order by number`);
}
