/** The continuous audit as JSON. */
import {
  INVARIANTS,
  pageOfInvariant,
  type Invariant,
} from "../../../integrity/continuous/invariants.ts";
import type {
  AuditPosition,
  AuditRun,
  AuditFinding,
} from "../../../integrity/continuous/audit-store.ts";
import type { Message } from "../../../lib/messages.ts";

const BY_ID = new Map(INVARIANTS.map((invariant) => [invariant.id, invariant]));

/** A rule of the whole books, which a run on demand found broken. */
const WHOLE_BOOKS: { readonly rule: Message; readonly remedy: Message } = {
  rule: {
    en: "the books as a whole are sound; the evidence names the rule",
    zh: "账目整体无误；证据中写明了具体规则",
  },
  remedy: {
    en: "Run `newday audit`, and compare the named rows with a backup.",
    zh: "请运行 newday audit，并将所列行与备份对比",
  },
};

export function showFinding(finding: AuditFinding) {
  const { invariant, wallet: _, froze, foundAt, seenAt, closedAt, ...rest } = finding;
  const { rule, remedy } = BY_ID.get(invariant) ?? WHOLE_BOOKS;
  return {
    ...rest,
    invariant,
    rule: rule.en,
    ruleZh: rule.zh,
    remedy: remedy.en,
    remedyZh: remedy.zh,
    page: pageOfInvariant(invariant),
    frozen: froze && closedAt === null,
    foundAt: foundAt.toISOString(),
    seenAt: seenAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

export function showInvariant(
  { id, severity, rule }: Invariant,
  positions: readonly AuditPosition[],
) {
  return {
    id,
    severity,
    rule: rule.en,
    ruleZh: rule.zh,
    page: pageOfInvariant(id),
    lanes: positions
      .filter(({ invariant }) => invariant === id)
      .map(({ lane, checked, pass, changedAt, reachedAt }) => ({
        lane,
        checked: `${checked}`,
        passes: `${pass}`,
        changedAt: changedAt.toISOString(),
        reachedAt: reachedAt?.toISOString() ?? null,
      })),
  };
}

export function showRun(run: AuditRun) {
  const { position: _, askedAt, startedAt, endedAt, checked, findings, unfinished, ...rest } = run;
  const state = endedAt
    ? ("ended" as const)
    : startedAt
      ? ("running" as const)
      : ("waiting" as const);
  return {
    ...rest,
    state,
    askedAt: askedAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    checked: `${checked}`,
    findings: `${findings}`,
    unfinished: [...unfinished],
  };
}
