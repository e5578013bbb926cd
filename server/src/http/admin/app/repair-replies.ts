/** The repair as JSON; each text stands in both languages. */
import { quoteLiteral } from "../../../db/driver/direct-client.ts";
import { verbatim, type Message } from "../../../lib/messages.ts";
import { checklist } from "../../../repair/aftercare/checklist.ts";
import type { LiveState } from "../../../repair/aftercare/live-state.ts";
import { renderReport } from "../../../repair/aftercare/report.ts";
import type { RunEvidence } from "../../../repair/aftercare/run-evidence.ts";
import { findInTheWay, type Blocker } from "../../../repair/drop/blocker-queries.ts";
import { longestWait } from "../../../repair/drop/lock-timeout-backoff.ts";
import { journalWord } from "../../../repair/journal/journal-words.ts";
import type { RunState } from "../../../repair/journal/run-state.ts";
import type { RepairDefinition } from "../../../repair/model/definition.ts";
import type { Finding } from "../../../repair/model/finding.ts";
import type { Plan } from "../../../repair/model/plan.ts";
import { knownRepairs } from "../../../repair/model/repairs.ts";
import { keyName, serverVersion } from "../../../repair/model/text.ts";
import { findingEntry } from "../../../repair/plan/finding-catalogue.ts";
import type { RollbackView } from "../../../repair/rollback/view.ts";

/** A person reads the last ones; the runbook of each has all. */
const RUNS_SHOWN = 20;

export function showRepairState(state: LiveState, repair: RepairDefinition) {
  const { database, keys, journal, runs, runner, saying, blockers } = state;
  return {
    at: new Date().toISOString(),
    repair: nameOf(repair),
    repairs: knownRepairs().map(nameOf),
    database,
    keys: keys.map(keyName),
    journal,
    runs: runs.toReversed().slice(0, RUNS_SHOWN).map(showRun),
    runner: runner
      ? {
          pid: runner.pid,
          application: runner.application,
          since: runner.backendStart,
          state: runner.state,
        }
      : null,
    saying: saying
      ? {
          runId: saying.runId,
          environment: saying.environment,
          text: saying.saying,
          held: saying.held,
        }
      : null,
    blockers: blockers.map((blocker) => showBlocker(blocker, repair)),
  };
}

function nameOf({ id, title }: RepairDefinition) {
  return { id, title };
}

function showRun({ rollbackOf, steps, word, ...run }: RunState) {
  return {
    ...run,
    word,
    shown: journalWord(word),
    rollbackOf: rollbackOf ?? null,
    steps: steps.map(({ step, status }) => ({
      step: journalWord(step),
      status: journalWord(status),
    })),
  };
}

function showBlocker(blocker: Blocker, repair: RepairDefinition) {
  const { kind, pid, backendStart, preparedName, application, role, state } = blocker;
  const { ageMs, relation, mode, query } = blocker;
  return {
    kind,
    pid,
    backendStart,
    preparedName,
    application,
    role,
    state,
    ageMs,
    relation,
    mode,
    query,
    isInTheWay: findInTheWay([blocker]) !== undefined,
    unblock: unblockLine(blocker, repair),
  };
}

/** A vacuum gives way to the pre-lock by itself; a session is named by its start too, because pids are used again. */
function unblockLine(
  { kind, pid, backendStart, preparedName, state }: Blocker,
  { id }: RepairDefinition,
) {
  if (kind === "autovacuum") return null;
  if (pid === null) return `rollback prepared ${quoteLiteral(preparedName ?? "")};`;
  if (backendStart === null) return null;
  // An idle transaction has no statement that could be cancelled.
  const how = state?.startsWith("idle") ? " --terminate" : "";
  return `newday repair unblock --repair ${id} --pid ${pid} --started '${backendStart}'${how} --reason WHY`;
}

export async function showRunbook(evidence: RunEvidence) {
  const { story, repair, now, adoption, status } = evidence;
  const { strangers: externalRows } = status;
  const items = await checklist(story, now, adoption);
  const at = new Date();
  return {
    runId: story.runId || null,
    repair: repair.id,
    status: status.text,
    externalRows,
    adopted: status.adopted,
    checklist: items.map(({ at: time, ...item }) => ({ ...item, at: time || null })),
    markdown:
      story.runId === ""
        ? null
        : {
            en: await renderReport({ ...evidence, at, language: "en" }),
            zh: await renderReport({ ...evidence, at, language: "zh" }),
          },
  };
}

export function showPlan(plan: Plan) {
  const { target, tables, locks, risk } = plan;
  const sizes = new Map(tables.map((table) => [table.oid, table]));
  return {
    repair: plan.repair.id,
    environment: plan.environment,
    database: target.database,
    server: serverVersion(target.versionNumber),
    madeAt: plan.createdAt,
    keys: plan.keys.map(({ table, name, definition, blocks, orphans, dropSql, restoreSql }) => ({
      table,
      name,
      definition,
      blocks,
      orphans,
      dropSql,
      restoreSql,
    })),
    locks: locks.map(({ oid, name }) => ({
      table: name,
      rows: Math.max(0, Math.round(sizes.get(oid)?.estimatedRows ?? 0)),
      bytes: sizes.get(oid)?.bytes ?? 0,
    })),
    longestWaitMs: longestWait(plan.deadlockTimeoutMs),
    risk: { band: risk.band, terms: risk.terms.map(({ text }) => text) },
    findings: plan.findings.map(showPlanFinding),
  };
}

const NOTHING: Message = verbatim("");

function showPlanFinding({ id, severity, evidence }: Finding) {
  const entry = findingEntry(id);
  return {
    id,
    severity,
    title: entry?.title ?? verbatim(id),
    evidence,
    remedy: entry?.remedy ?? NOTHING,
    page: `docs/repair/findings/${id}.md`,
  };
}

export function showRollback({ keys, state, droppedAt, options }: RollbackView) {
  return {
    keys: keys.map(keyName),
    externalRows: state.orphans,
    droppedAt: droppedAt ?? null,
    options: options.map((option) => ({ ...option })),
  };
}
