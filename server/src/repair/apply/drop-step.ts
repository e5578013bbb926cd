/** The change as a step: the critical section, and the handling of a lost answer. */
import { isNewDayError } from "../../errors/errors.ts";
import { findKeyNames } from "../catalogue/catalogue-queries.ts";
import { withRepairConnection } from "../connection/connection.ts";
import { dropWork } from "../drop/drop-batch.ts";
import { runCriticalSection, type CutResult } from "../drop/critical-section.ts";
import { settleDoubt } from "../drop/settle-doubt.ts";
import type { Evidence, Observation, Step } from "../journal/step.ts";
import { replicaInTheWay } from "../replicas/replica-gate.ts";
import { duration } from "../model/text.ts";
import type { ApplyContext } from "./apply.ts";

export function dropStep(context: ApplyContext): Step {
  return {
    key: "cut",
    title: { en: "Drop the foreign keys", zh: "删除外键" },
    observe: () => observe(context),
    act: () => cut(context),
  };
}

/**
 * Inspects through a connection of its own, because the changing one may have died. It takes no
 * lock: clients that work on the tables right after the change must leave its outcome clear.
 */
async function observe({ request, repair }: ApplyContext): Promise<Observation> {
  const keys = await withRepairConnection(request.target, "observe", (client) =>
    findKeyNames(client, repair.keys, request.plan.target.schema),
  );
  return { holds: keys.length === 0, evidence: { keysLeft: keys.length } };
}

async function cut(context: ApplyContext): Promise<Evidence> {
  const { client, side, journal, emit, request, replicas } = context;
  const relations = request.plan.locks.map(({ oid }) => oid);
  const { plan, budgetMs, signal, control } = request;
  try {
    const result = await runCriticalSection({
      client,
      side,
      work: dropWork(plan, { runId: journal.runId, journal: journal.inDatabase }),
      journal,
      emit,
      budgetMs,
      signal,
      control,
      standbyInTheWay: () => replicaInTheWay(side, replicas, relations),
    });
    reportDone(context, result);
    return { ...result };
  } catch (error) {
    if (!isNewDayError(error) || error.code !== "repair_in_doubt") throw error;
    return { resolved: await settleDoubt({ target: request.target, journal, emit }, error) };
  }
}

function reportDone({ emit }: ApplyContext, result: CutResult): void {
  const total = duration(result.elapsedMs);
  emit(
    "attempt",
    {
      en: `Attempt ${result.attempts} got the locks (wait at most ${result.waitMs} ms); changed and committed in ${duration(result.roundTripMs)}, ${total} after the first try`,
      zh: `第 ${result.attempts} 次尝试获得锁（最多等待 ${result.waitMs} ms）；${duration(result.roundTripMs)} 内完成更改并提交，距首次尝试 ${total}`,
    },
    { ...result, status: "done" },
  );
}
