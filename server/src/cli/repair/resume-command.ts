import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { lockRunner } from "../../repair/journal/runner-lock.ts";
import { runnerPurpose } from "../../repair/journal/runner-process.ts";
import { withRepairConnection } from "../../repair/connection/connection.ts";
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
  const rollback = await withRepairConnection(session.target, "resume", (client) =>
    findOpenRollback(client, applied),
  );
  if (rollback) {
    const end = await settleRollback(session.target, rollback, session.emit);
    if (end === "aborted") throw rolledBack();
    return EXIT.done;
  }
  await askAbout(session, planOf(options).plan.id);
  return apply(session, options, true);
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
