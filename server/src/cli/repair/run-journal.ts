/** The run of a later verb: the plan's one, else the newest of this database. */
import { randomUUID } from "node:crypto";
import { openRepairConnection } from "../../repair/connection/connection.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { openJournal, type Journal } from "../../repair/journal/journal.ts";
import { findRun, type RunStory } from "../../repair/journal/run-story.ts";
import { readPlanFile } from "../../repair/plan/plan-file.ts";
import type { RepairSession } from "./session.ts";

export interface OpenRun {
  readonly client: DirectClient;
  readonly journal: Journal;
  /** The journal so far; undefined for a new run. */
  readonly story: RunStory | undefined;
}

/** Runs `work` with a connection and the journal of the run, and closes both. */
export async function withRun<T>(
  session: RepairSession,
  options: { readonly plan?: string | undefined; readonly purpose: string },
  work: (run: OpenRun) => Promise<T>,
): Promise<T> {
  const client = await openRepairConnection(session.target, options.purpose);
  try {
    const wanted = options.plan === undefined ? undefined : readPlanFile(options.plan).plan.id;
    const { repair, schema } = session;
    const story = await findRun(client, { id: wanted, repairId: repair.id, schema });
    const runId = wanted ?? story?.runId ?? randomUUID();
    const journal = await openJournal({ runId, client, local: undefined });
    if (!journal.inDatabase) warnUnrecorded(session);
    return await work({ client, journal, story });
  } finally {
    await client.close();
  }
}

/** A result that failed to be journaled is reported: the report will show an empty box. */
export function warnUnrecorded({ emit }: RepairSession): void {
  emit("warning", {
    en: "The role may keep no journal in this database: what this command does is not recorded.",
    zh: "该角色无权在此数据库中保存日志：本命令的结果不会被记录。",
  });
}
