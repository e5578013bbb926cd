/**
 * The economy as figures: what was issued, sunk and is held, fees, velocity, inflation and concentration. Whatever
 * is issued, held or sunk follows the rule of the budgets' proof (`compareIssuance`).
 */
import type { Database } from "../../db/database.ts";
import { compareIssuance } from "../../ledger/policies/prove-issuance.ts";
import { concentrationOf, decimalOf, type Concentration } from "./buckets.ts";
import {
  listBuckets,
  listDays,
  listTotals,
  readEconomyProgress,
  type DayRow,
  type EconomyScope,
  type SumsRow,
} from "./economy-queries.ts";

/** UTC days, both included, as `2026-11-30`. */
export interface Period {
  readonly from: string;
  readonly until: string;
}

/** Sums of a period, or of one day. */
export interface Flows {
  readonly issued: bigint;
  readonly sunk: bigint;
  readonly fees: bigint;
  /** What users paid, whomever; refunds are none of it. */
  readonly paid: bigint;
  readonly payments: bigint;
  /** At the end. */
  readonly held: bigint;
}

export interface EconomySums {
  readonly issued: bigint;
  readonly sunk: bigint;
  readonly held: bigint;
  readonly fees: bigint;
  readonly period: Flows;
  /** Paid in the period for each unit that is held at its end. */
  readonly velocity: string;
  /** Issued less sunk in the period, for each unit that was held before it. */
  readonly inflation: string;
}

export interface PlatformEconomy extends EconomySums {
  readonly platform: string;
  /** Received from users of other platforms, less what was paid to them. */
  readonly fromOthers: bigint;
}

export interface CurrencyEconomy extends EconomySums {
  readonly currency: string;
  readonly concentration: Concentration;
  readonly platforms: readonly PlatformEconomy[];
  readonly days: readonly (Flows & { readonly day: string })[];
}

export interface EconomyReport {
  /** Everything that was recorded up to this moment is in the figures. */
  readonly asOf: Date;
  /** Rows of the journal that are not counted yet, about. */
  readonly behind: bigint;
  /** False while rows from before the numbered journal are being counted. */
  readonly complete: boolean;
  readonly period: Period;
  readonly currencies: readonly CurrencyEconomy[];
}

/** The last thirty days, today included. */
export function periodOf(now: Date, days = 30): Period {
  const DAY_MS = 86_400_000;
  return { from: dayOf(new Date(now.getTime() - (days - 1) * DAY_MS)), until: dayOf(now) };
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** All figures from one snapshot. */
export async function readEconomy(
  db: Database,
  scope: EconomyScope,
  period: Period,
): Promise<EconomyReport> {
  const [progress, totals, days, buckets] = await db.transaction(
    // Sent at once: the snapshot is one, however they follow each other.
    (tx) =>
      Promise.all([
        readEconomyProgress(tx),
        listTotals(tx, scope),
        listDays(tx, scope, period.from),
        listBuckets(tx, scope),
      ]),
    { readOnly: true, isolation: "repeatable read" },
  );
  const { asOf, behind, historyDone } = progress;
  const codes = [...new Set(totals.map(({ currency }) => currency))].sort();
  const currencies = codes.map((code) => {
    const own = { totals: ofCurrency(totals, code), days: ofCurrency(days, code) };
    const concentration = concentrationOf(buckets.filter((row) => row.code === code));
    return describeCurrency({ code, concentration, period, ...own });
  });
  return { asOf, behind, complete: historyDone, period, currencies };
}

function ofCurrency<Row extends SumsRow>(rows: readonly Row[], code: string): Row[] {
  return rows.filter(({ currency }) => currency === code);
}

function describeCurrency({
  code,
  concentration,
  period,
  totals,
  days,
}: {
  readonly code: string;
  readonly concentration: Concentration;
  readonly period: Period;
  readonly totals: readonly SumsRow[];
  readonly days: readonly DayRow[];
}): CurrencyEconomy {
  const issuers = totals.map(({ currency, platform, issued, returned }) => ({
    currency,
    platform,
    issued: BigInt(issued),
    sunk: BigInt(returned),
  }));
  const [compared] = compareIssuance(issuers, totals, []);
  const platforms = (compared?.platforms ?? []).map(({ platform, fromOthers }) => ({
    platform,
    fromOthers,
    ...sumsOf(
      totals.filter((row) => row.platform === platform),
      days.filter((row) => row.platform === platform),
      period,
    ),
  }));
  return {
    currency: code,
    ...sumsOf(totals, days, period),
    concentration,
    platforms,
    days: daysOf(totals, days, period),
  };
}

function sumsOf(totals: readonly SumsRow[], days: readonly DayRow[], period: Period): EconomySums {
  const within = days.filter(({ day }) => day <= period.until);
  const after = days.filter(({ day }) => day > period.until);
  const held = sum(totals, "held");
  const heldAtEnd = held - sum(after, "held");
  const flows = flowsOf(within, heldAtEnd);
  return {
    issued: sum(totals, "issued"),
    sunk: sum(totals, "returned"),
    held,
    fees: sum(totals, "fees"),
    period: flows,
    velocity: decimalOf({ over: flows.paid, under: heldAtEnd }),
    inflation: decimalOf({
      over: flows.issued - flows.sunk,
      under: heldAtEnd - sum(within, "held"),
    }),
  };
}

function flowsOf(rows: readonly SumsRow[], held: bigint): Flows {
  return {
    issued: sum(rows, "issued"),
    sunk: sum(rows, "returned"),
    fees: sum(rows, "fees"),
    paid: sum(rows, "paid"),
    payments: rows.reduce((total, { payments }) => total + payments, 0n),
    held,
  };
}

/** Days with a movement, oldest first. */
function daysOf(
  totals: readonly SumsRow[],
  days: readonly DayRow[],
  { until }: Period,
): CurrencyEconomy["days"] {
  let held = sum(totals, "held") - sum(days, "held");
  const names = [...new Set(days.map(({ day }) => day))].filter((day) => day <= until).sort();
  return names.map((day) => {
    const rows = days.filter((row) => row.day === day);
    held += sum(rows, "held");
    return { day, ...flowsOf(rows, held) };
  });
}

type SumName = "issued" | "returned" | "held" | "fees" | "paid";

function sum(rows: readonly SumsRow[], name: SumName): bigint {
  return rows.reduce((total, row) => total + BigInt(row[name]), 0n);
}
