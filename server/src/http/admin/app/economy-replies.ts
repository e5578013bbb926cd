/** The economy's figures as JSON: whole numbers become texts. */
import type {
  CurrencyEconomy,
  EconomyReport,
  EconomySums,
} from "../../../integrity/economy/read-economy.ts";

type Texts<Row> = { [Key in keyof Row]: Row[Key] extends bigint ? string : Row[Key] };

/** Every whole number of the row as its digits. */
export function digitsOf<Row extends object>(row: Row): Texts<Row> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === "bigint" ? `${value}` : value,
    ]),
  ) as Texts<Row>;
}

export function showEconomy({ asOf, behind, currencies, ...report }: EconomyReport) {
  return {
    ...report,
    asOf: asOf.toISOString(),
    behind: `${behind}`,
    currencies: currencies.map(showCurrency),
  };
}

function showCurrency(row: CurrencyEconomy) {
  const { concentration, platforms, days } = row;
  return {
    ...showSums(row),
    concentration: digitsOf(concentration),
    platforms: platforms.map(showSums),
    days: days.map(digitsOf),
  };
}

function showSums<Row extends EconomySums>(row: Row) {
  return { ...digitsOf(row), period: digitsOf(row.period) };
}
