import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { refusal } from "../../errors/refusals.ts";
import { lockRunner } from "../../repair/journal/runner-lock.ts";
import { runnerPurpose } from "../../repair/journal/runner-process.ts";
import type { EventRow } from "../../repair/journal/journal-queries.ts";
import { readRecordedEvents } from "../../repair/journal/recorded-events.ts";
import { runStates } from "../../repair/journal/run-state.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { resolveDoubt } from "../../repair/drop/doubt.ts";
import { rolledBack } from "../../repair/drop/settle-doubt.ts";
import { findOpenAttempt } from "../../repair/drop/open-attempt.ts";
import { findOpenRollback, settleRollback } from "../../repair/rollback/resume-rollback.ts";
import { apply, planOf, withApplyOptions, type ApplyOptions } from "./apply-command.ts";
import { EXIT, runCommand, type RepairSession } from "./session.ts";

/**
 * `resume` settles the interrupted attempt, then applies the same plan. A rollback that was
 * interrupted after that apply comes first, and needs only the journal.
 */
export function registerResume(parent: Command): void {
  const command = parent.command("resume").description(
    helpText({
      en: "go on after a crash or a lost connection: ask the server what happened, then do what is left",
      zh: "崩溃或断线后继续：先向服务器查明结果，再完成剩余步骤",
    }),
  );
  withApplyOptions(command).action((options: ApplyOptions) => {
    return runCommand(options, (session) => resume(session, options));
  });
}

async function resume(session: RepairSession, options: ApplyOptions): Promise<number> {
  const applied = options.plan === undefined ? undefined : planOf(options).plan.id;
  const { rollback, events } = await withRepairConnection(session.target, "resume", (client) =>
    readOnly(client, async () => {
      const events = await readRecordedEvents(client, options.backupDir);
      return { events, rollback: findOpenRollback(events, applied) };
    }),
  );
  if (rollback) {
    const end = await settleRollback(session.target, rollback, session.emit);
    if (end === "aborted") throw rolledBack();
    return EXIT.done;
  }
  if (options.plan === undefined) return endWithoutPlan(session, events);
  await askAbout(session, planOf(options).plan.id);
  return apply(session, options, true);
}

/**
 * Nothing is unfinished after a success, after the adoption, and after a rollback that was killed before its change.
 * Throws `repair_usage` that names the run of an apply that is.
 */
function endWithoutPlan({ emit }: RepairSession, events: readonly EventRow[]): number {
  const unfinished = runStates(events).findLast(({ isUnfinished }) => isUnfinished);
  if (unfinished)
    throw refusal(
      "resume_plan_missing",
      { run: unfinished.runId.slice(0, 8), at: unfinished.lastAt },
      { details: { option: "--plan", run: unfinished.runId } },
    );
  emit(
    "note",
    {
      en: "No run is unfinished: there is nothing to resume, and nothing was done. A rollback that was cut off before its change has left nothing behind; run it again.",
      zh: "没有未完成的运行：无需继续，未执行任何操作。在更改前被中断的回滚不留任何痕迹；请重新运行该回滚。",
    },
    { unfinished: false },
  );
  return EXIT.satisfied;
}

/**
 * The catalogue decides the remaining steps; this informs the operator and waits for an old
 * backend.
 */
async function askAbout(session: RepairSession, runId: string): Promise<void> {
  const attempt = await withRepairConnection(session.target, "resume", (client) =>
    findOpenAttempt(client, runId),
  );
  if (!attempt) {
    session.emit(
      "note",
      { en: "no attempt of this run is open", zh: "此运行没有未决的尝试" },
      {
        open: false,
      },
    );
    return;
  }
  // Once the dead runner's session is gone, the answer is final.
  await withRepairConnection(session.target, runnerPurpose("resume"), (client) =>
    lockRunner(client, { emit: session.emit, resumes: true }),
  );
  const resolution = await resolveDoubt(session.target, attempt);
  session.emit(
    "note",
    {
      en: `the last attempt (pid ${attempt.pid}, transaction ${attempt.transactionId}) was ${resolution}`,
      zh: `上次尝试（pid ${attempt.pid}，事务 ${attempt.transactionId}）结果：${resolution}`,
    },
    { ...attempt, resolution },
  );
}
