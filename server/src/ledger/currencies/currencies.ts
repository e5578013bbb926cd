/** Currencies and the explicit pairs in which they may be exchanged. Read-only for the engine. */
import type { Queryable } from "../../db/database.ts";
import type { Resource } from "../../engine/resource.ts";
import { plainArray, textArray } from "../../db/pipeline/array-parameters.ts";
import type { CurrencyCode } from "./currency-names.ts";
import { readCurrencies, readExchangePairs } from "./currency-queries.ts";

/** Numbers of New Day's own currencies (migration 0002). */
export const GAME_COINS = 1;
export const CASH = 2;
export const COMPUTING_POWER = 3;

export const OWN_CURRENCY_NUMBERS: Readonly<Record<CurrencyCode, number>> = {
  game_coins: GAME_COINS,
  cash: CASH,
  computing_power: COMPUTING_POWER,
};

export interface CurrencyRow {
  readonly number: bigint;
  readonly code: string;
  /** Decimal places of the minor unit: 2 means that 100 minor units are one. */
  readonly scale: number;
  readonly minimum: bigint;
  readonly maximum: bigint;
  /** The most that a platform may owe in it through exchange before it settles, in minor units. */
  readonly exposure: bigint;
  /** Platforms that may mint and burn it. */
  readonly minters: readonly string[];
}

export interface ExchangePairRow {
  readonly pair: string;
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** By currency number. */
export const currencies: Resource<bigint, CurrencyRow> = {
  name: "currencies",
  async read(db: Queryable, ids: readonly bigint[]) {
    const rows = await db.query<CurrencyRow>(readCurrencies, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.number, row]));
  },
  write: () => [],
};

/** Id of a pair, source first. */
export function pairId(source: number, target: number): string {
  return `${source}>${target}`;
}

export const exchangePairs: Resource<string, ExchangePairRow> = {
  name: "exchange_pairs",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<ExchangePairRow>(readExchangePairs, [textArray(ids)]);
    return new Map(rows.map((row) => [row.pair, row]));
  },
  write: () => [],
};
