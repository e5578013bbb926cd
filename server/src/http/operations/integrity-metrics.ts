/** Gauges of the economy and of the continuous audit, read at a scrape. */
import { Gauge } from "prom-client";
import type { Database } from "../../db/database.ts";
import { isNewDayError } from "../../errors/errors.ts";
import { countOpenFindings, listPositions } from "../../integrity/continuous/audit-store.ts";
import { periodOf, readEconomy, type EconomyReport } from "../../integrity/economy/read-economy.ts";

/** Whole coins lose their last digits above 2^53, which a graph does not show. */
const toNumber = (amount: bigint) => Number(amount);

type EconomyGauges = ReturnType<typeof makeEconomyGauges>;

/**
 * Returns the function that reads the figures, for each scrape before it is written: gauges are written side by
 * side. A database out of reach leaves these without a value, and `newday_database_up` says so.
 */
export function measureIntegrity(db: Database): () => Promise<void> {
  const economy = makeEconomyGauges();
  const audit = makeAuditGauges();
  const up = new Gauge({
    name: "newday_database_up",
    help: "1 while the figures of the economy and of the audit could be read",
  });
  return async () => {
    try {
      const report = await readEconomy(db, {}, periodOf(new Date(), 1));
      const [findings, positions] = [await countOpenFindings(db), await listPositions(db)];
      resetAll(economy, audit);
      showEconomyGauges(economy, report);
      for (const { invariant, severity, count } of findings)
        audit.findings.set({ invariant, severity }, toNumber(count));
      for (const { invariant, lane, checked, changedAt } of positions) {
        audit.checked.set({ invariant, lane }, toNumber(checked));
        audit.age.set({ invariant, lane }, (Date.now() - changedAt.getTime()) / 1_000);
      }
      up.set(1);
    } catch (error) {
      if (!isNewDayError(error)) throw error;
      resetAll(economy, audit);
      up.set(0);
    }
  };
}

function resetAll(...groups: readonly Readonly<Record<string, Gauge>>[]): void {
  for (const group of groups) for (const gauge of Object.values(group)) gauge.reset();
}

function makeEconomyGauges() {
  const of = (name: string, help: string, labelNames: readonly string[]) =>
    new Gauge({ name: `newday_economy_${name}`, help, labelNames: [...labelNames] });
  const by = ["currency", "platform"];
  return {
    issued: of("issued", "Minor units that were issued", by),
    sunk: of("sunk", "Minor units that came back to their issuer", by),
    held: of("held", "Minor units that are held", by),
    fees: of("fees", "Minor units that were taken as fees", by),
    paid: of("paid_today", "Minor units that users paid on this UTC day", by),
    holders: of("holders", "Users with a balance above zero", ["currency"]),
    gini: of("gini", "Gini coefficient of the holders", ["currency"]),
    behind: of("behind", "Rows of the journal that are not counted yet", []),
    age: of("age_seconds", "Seconds since the moment up to which the figures are true", []),
  };
}

function makeAuditGauges() {
  return {
    findings: new Gauge({
      name: "newday_audit_findings_open",
      help: "Open findings of the continuous audit",
      labelNames: ["invariant", "severity"],
    }),
    checked: new Gauge({
      name: "newday_audit_checked_rows",
      help: "Rows that the continuous audit has checked",
      labelNames: ["invariant", "lane"],
    }),
    age: new Gauge({
      name: "newday_audit_age_seconds",
      help: "Seconds since the continuous audit last moved on",
      labelNames: ["invariant", "lane"],
    }),
  };
}

function showEconomyGauges(
  gauges: EconomyGauges,
  { asOf, behind, currencies }: EconomyReport,
): void {
  gauges.behind.set(toNumber(behind));
  gauges.age.set((Date.now() - asOf.getTime()) / 1_000);
  for (const { currency, concentration, platforms } of currencies) {
    gauges.holders.set({ currency }, toNumber(concentration.holders));
    gauges.gini.set({ currency }, Number(concentration.gini));
    for (const { platform, issued, sunk, held, fees, period } of platforms) {
      const labels = { currency, platform };
      gauges.issued.set(labels, toNumber(issued));
      gauges.sunk.set(labels, toNumber(sunk));
      gauges.held.set(labels, toNumber(held));
      gauges.fees.set(labels, toNumber(fees));
      gauges.paid.set(labels, toNumber(period.paid));
    }
  }
}
