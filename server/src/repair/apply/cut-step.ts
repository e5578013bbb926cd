/** The change as a step: the critical section, and what to do when its answer was lost. */
import { isNewDayError, NewDayError } from "../../errors.ts";
import { inspect } from "../catalogue/inspection.ts";
import { withRepairConnection } from "../connection.ts";
import { cutWork } from "../cut/cut-batch.ts";
import { runCriticalSection, type CutResult } from "../cut/critical-section.ts";
import { resolveDoubt, type Resolution } from "../cut/doubt.ts";
import type { Backend } from "../cut/round.ts";
import type { Evidence, Observation, Step } from "../steps/step.ts";
import { duration } from "../text.ts";
import type { ApplyContext } from "./apply.ts";

export function cutStep(context: ApplyContext): Step {
  return {
    key: "cut",
    title: ["Drop the foreign keys", "删除外键"],
    observe: () => observe(context),
    act: () => cut(context),
  };
}

/** Looks through a connection of its own: the one that did it may be the one that died. */
async function observe({ request, repair }: ApplyContext): Promise<Observation> {
  const { keys } = await withRepairConnection(request.target, "observe", (client) =>
    inspect(client, repair, request.plan.target.schema),
  );
  return { holds: keys.length === 0, evidence: { keysLeft: keys.length } };
}

async function cut(context: ApplyContext): Promise<Evidence> {
  const { client, side, journal, emit, request } = context;
  const { plan, budgetMs, signal } = request;
  try {
    const result = await runCriticalSection({
      client,
      side,
      work: cutWork(plan, journal.runId, journal.inDatabase),
      journal,
      emit,
      budgetMs,
      signal,
    });
    sayDone(context, result);
    return { ...result };
  } catch (error) {
    if (!isNewDayError(error) || error.code !== "repair_in_doubt") throw error;
    return { resolved: await settleDoubt(context, error) };
  }
}

/** The answer was lost; the server is asked what happened. Never repeats anything. */
async function settleDoubt(context: ApplyContext, error: NewDayError): Promise<Resolution> {
  const { emit, request, journal } = context;
  await journal.append("attempt", { ...error.details, status: "in_doubt" }).catch(() => undefined);
  emit("warning", [error.message, `提交时连接中断：${error.message}`], error.details);
  const resolution = await resolveDoubt(request.target, error.details as unknown as Backend);
  if (resolution === "committed") {
    emit("note", ["The server has committed.", "服务器已提交。"], { resolution });
    return resolution;
  }
  if (resolution === "unknown") throw error;
  throw new NewDayError(
    "repair_blocked",
    { resolution },
    {
      message:
        "The connection was lost and the server has rolled back; nothing was changed. Apply again.",
      cause: error,
    },
  );
}

function sayDone({ emit }: ApplyContext, result: CutResult): void {
  const total = duration(result.elapsedMs);
  emit(
    "attempt",
    [
      `Attempt ${result.attempts} got the locks (wait at most ${result.waitMs} ms); changed and committed in ${duration(result.roundTripMs)}, ${total} after the first try`,
      `第 ${result.attempts} 次尝试获得锁（最多等待 ${result.waitMs} ms）；${duration(result.roundTripMs)} 内完成更改并提交，距首次尝试 ${total}`,
    ],
    { ...result, status: "done" },
  );
}
