/**
 * A run on demand: every invariant from the beginning, page by page, then the rules that need one whole statement.
 * Its place is stored after each step, so that another server goes on where one ended.
 */
import { countOffenders, RULES } from "../audit-queries.ts";
import { keepFinding, storeRun, type AuditRun } from "./audit-store.ts";
import { checkPage } from "./check-page.ts";
import { freezeForFinding, type FindingServices } from "./freeze-finding.ts";
import { INVARIANTS } from "./invariants.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";

export const RUN_STEPS = INVARIANTS.length + RULES.length;

/** A rule reads whole tables: longer than that, it belongs into `newday audit`, which has no end. */
const RULE_TIMEOUT_MS = 60_000;

/** Takes the run one page, or one rule, further. */
export async function stepRun(
  services: FindingServices,
  run: AuditRun,
  rowsMax: number,
): Promise<void> {
  const { id, step } = run;
  const invariant = INVARIANTS[step];
  if (!invariant) return stepRule(services, run);
  const page = await checkPage(services, invariant, run.position, rowsMax);
  if (!page) return;
  await storeRun(services.db, {
    id,
    step: page.ended ? step + 1 : step,
    position: page.ended ? null : page.position,
    checked: page.checked,
    findings: BigInt(page.findings),
    unfinished: undefined,
  });
}

async function stepRule(services: FindingServices, { id, step }: AuditRun): Promise<void> {
  const rule = RULES[step - INVARIANTS.length];
  const outcome = rule && (await checkRule(services, rule));
  await storeRun(services.db, {
    id,
    step: step + 1,
    position: null,
    checked: 0n,
    findings: outcome?.findings ?? 0n,
    unfinished: outcome?.isUnfinished ? rule?.rule.en : undefined,
  });
}

async function checkRule(
  services: FindingServices,
  rule: (typeof RULES)[number],
): Promise<{ findings: bigint; isUnfinished: boolean }> {
  const { db } = services;
  try {
    const breach = await db.transaction((tx) => countOffenders(tx, rule), {
      readOnly: true,
      isolation: "repeatable read",
      statementTimeoutMs: RULE_TIMEOUT_MS,
    });
    if (!breach) return { findings: 0n, isUnfinished: false };
    for (const subject of breach.examples) {
      const account = /^account (\d{1,19})\b/.exec(subject)?.[1];
      const wallet = account === undefined ? null : BigInt(account) >> 16n;
      const evidence = { rule: rule.rule.en, count: `${breach.count}` };
      const finding = {
        invariant: "whole_books",
        severity: "critical",
        subject,
        wallet,
        evidence,
      } as const;
      const { id } = await keepFinding(db, finding);
      await freezeForFinding(services, { id, wallet, invariant: finding.invariant });
    }
    return { findings: breach.count, isUnfinished: false };
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.queryCanceled) throw error;
    return { findings: 0n, isUnfinished: true };
  }
}
