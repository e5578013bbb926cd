/**
 * The rehearsal: the whole repair and every rollback option, on a restored copy of the real data.
 *
 * The target is out of reach: the copy lives on a server of its own that is gone afterwards. Its
 * measurements become the plan's estimates, with their basis.
 */
import { withRestoredCopy, type RestoredCopy } from "../backup/verify-backup.ts";
import type { Backup } from "../backup/manifest.ts";
import { withRepairConnection } from "../connection/connection.ts";
import { HOLD_MS } from "../drop/locked-batch.ts";
import { isNewDayError } from "../../errors/errors.ts";
import type { Message } from "../../lib/messages.ts";
import { findRepair } from "../model/repairs.ts";
import type { Emit } from "../model/events.ts";
import { buildPlan } from "../plan/build-plan.ts";
import type { Plan } from "../model/plan.ts";
import { duration } from "../model/text.ts";
import { measure, type Measurement } from "./measure.ts";
import { tryRollbacks, type TriedRollback } from "./try-rollbacks.ts";
import type { RehearsalResult } from "./rehearsal-result.ts";

const MEASURED_COPY = "newday_measured_copy";

export interface RehearseRequest {
  readonly backup: Backup;
  readonly binDir?: string | undefined;
  readonly tool: string;
  readonly emit: Emit;
}

/**
 * Restores the backup and tries every option on it. Throws `repair_refused` for a bad backup or a
 * missing server of that version, `repair_verify_failed` when the rehearsal itself fails.
 */
export function rehearse(request: RehearseRequest): Promise<RehearsalResult> {
  const { backup, binDir, emit } = request;
  return withRestoredCopy({ backup, binDir, emit }, (copy) => rehearseOn(copy, request));
}

async function rehearseOn(
  { server, target, proof }: RestoredCopy,
  { backup, tool, emit }: RehearseRequest,
): Promise<RehearsalResult> {
  const repair = findRepair(backup.repair.id);
  const { schema } = backup.source;
  const plan: Plan = await withRepairConnection(target, "plan", async (client) => {
    const made = await buildPlan(client, {
      repair,
      schema,
      tool,
      environment: "rehearsal",
      accepted: new Map(),
      now: new Date(),
    });
    return made.plan;
  });
  const template = (target as { database: string }).database;
  const measurement = await measure(await server.create(MEASURED_COPY, { template }), plan);
  await server.drop(MEASURED_COPY);
  reportMeasurement(emit, measurement);
  const { rollbacks, failed } = await tryRollbacks({
    server,
    template,
    repair,
    schema,
    tool,
    emit,
  }).then((tried) => ({ rollbacks: tried, failed: undefined }), canceledUnderLock);
  for (const tried of rollbacks) reportTried(emit, tried);
  if (failed) emit("check", failed, { ok: false });
  return {
    at: new Date().toISOString(),
    server: server.version,
    why: server.why,
    backup: { sha256: backup.sha256, takenAt: backup.takenAt },
    repair: backup.repair,
    restoreMs: proof.restoreMs,
    ...measurement,
    rollbacks,
    failed,
  };
}

/** The change took too long on the copy: its measurements are the very result that is needed. */
function canceledUnderLock(error: unknown): { rollbacks: TriedRollback[]; failed: Message } {
  if (!isNewDayError(error) || error.details["holdMs"] === undefined) throw error;
  return { rollbacks: [], failed: error.text };
}

function reportMeasurement(emit: Emit, measurement: Measurement): void {
  const { locks, dropMs, probes, antiJoinMs, validateMs, rows } = measurement;
  const held = locks.map(({ relation, mode }) => `${relation} ${mode}`).join(", ");
  emit(
    "check",
    { en: `locks really held by the drop: ${held}`, zh: `删除时实际持有的锁：${held}` },
    {
      ok: true,
      locks,
    },
  );
  const validated = validateMs === null ? "-" : duration(validateMs);
  emit(
    "check",
    {
      en: `on ${rows} rows: drop ${duration(dropMs)}, counting external users ${duration(antiJoinMs)}, validating again ${validated}`,
      zh: `基于 ${rows} 行：删除 ${duration(dropMs)}，统计外部用户 ${duration(antiJoinMs)}，重新验证 ${validated}`,
    },
    { ok: true, dropMs, antiJoinMs, validateMs, rows },
  );
  reportTriggers(emit, probes);
}

function reportTriggers(emit: Emit, probes: Measurement["probes"]): void {
  for (const { table, ms, triggers } of probes) {
    if (triggers.length === 0) continue;
    const list = triggers.map((trigger) => `${trigger.name} ${duration(trigger.ms)}`).join(", ");
    emit(
      "check",
      {
        en: `a row into ${table} took ${duration(ms)}; its triggers, which run under the locks: ${list}`,
        zh: `向 ${table} 写入一行耗时 ${duration(ms)}；其触发器在持锁期间运行：${list}`,
      },
      { ok: ms <= HOLD_MS, table, ms, triggers },
    );
  }
}

/** Other outcomes are the names of states. */
const OUTCOME_ZH: Partial<Record<TriedRollback["outcome"], string>> = {
  refused: "被拒绝",
  failed: "失败",
};

function reportTried(emit: Emit, tried: TriedRollback): void {
  const { option, strangers: orphanRows, outcome, text, rowsKept } = tried;
  const tail = (words: string) => (words === "" ? "" : `: ${words}`);
  const kept = rowsKept
    ? { en: "no row lost", zh: "未丢失任何行" }
    : { en: "ROWS LOST", zh: "有行丢失" };
  const who =
    orphanRows === 0
      ? { en: "no external users", zh: "无外部用户" }
      : { en: `external users: ${orphanRows}`, zh: `外部用户 ${orphanRows}` };
  emit(
    "check",
    {
      en: `up, down (${option}; ${who.en}), up: ${outcome}, ${kept.en}${tail(text.en)}`,
      zh: `执行、回滚（${option}；${who.zh}）、再执行：${OUTCOME_ZH[outcome] ?? outcome}，${kept.zh}${tail(text.zh)}`,
    },
    { ...tried, ok: rowsKept && outcome !== "failed" },
  );
}
