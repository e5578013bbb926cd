/**
 * Repairs the server's own new database, with the very same critical section.
 *
 * Only empty tables that migration 1 made: a backup and a confirmation are needless there. A
 * database with rows is left to its operator and `newday repair`.
 */
import type { DirectClient, ConnectionTarget } from "../../db/driver/direct-client.ts";
import { openRepairConnection } from "../connection/connection.ts";
import { dropWork } from "../drop/drop-batch.ts";
import { runCriticalSection } from "../drop/critical-section.ts";
import { ALL_USER_PATHS_REPAIR } from "../model/all-user-paths.ts";
import { silent } from "../model/events.ts";
import { openJournal } from "../journal/journal.ts";
import { isOwnAndEmpty } from "./own-database-queries.ts";
import { buildPlan } from "../plan/build-plan.ts";
import { planHash, type Plan } from "../model/plan.ts";
import { waitForRunner } from "../journal/runner-lock.ts";
import { runnerPurpose } from "../journal/runner-process.ts";
import { verify } from "../verify/verify.ts";
import { NewDayError } from "../../errors/errors.ts";
import { toMembers } from "../../lib/messages.ts";

/** A database that is seconds old has no other user; a longer wait would mean a fault. */
const OWN_BUDGET_MS = 20_000;

/** No client waits for these locks yet, and a start must not fail on a slow disk. */
const OWN_HOLD_MS = 10_000;

export interface OwnRepairResult {
  /** `not-ours`: the tables have rows or are missing; the operator decides. */
  readonly outcome: "repaired" | "already" | "not-ours";
  /** Names of the dropped foreign keys. */
  readonly dropped: readonly string[];
}

/**
 * Call it at every start, after the migrations. Safe when several processes start at once.
 * Errors: `repair_refused`, `repair_blocked`, `repair_verify_failed`, `repair_in_doubt`.
 */
export async function repairOwnDatabase(
  target: ConnectionTarget,
  tool: string,
): Promise<OwnRepairResult> {
  const client = await openRepairConnection(target, runnerPurpose("own"));
  try {
    if (!(await isOwnAndEmpty(client))) return { outcome: "not-ours", dropped: [] };
    await waitForRunner(client, OWN_BUDGET_MS);
    return await repairAlone(client, target, tool);
  } finally {
    await client.close();
  }
}

async function repairAlone(
  client: DirectClient,
  target: ConnectionTarget,
  tool: string,
): Promise<OwnRepairResult> {
  const { plan } = await buildPlan(client, {
    repair: ALL_USER_PATHS_REPAIR,
    tool,
    schema: "public",
    environment: undefined,
    accepted: new Map(),
    now: new Date(),
  });
  if (plan.keys.length === 0) return { outcome: "already", dropped: [] };
  const side = await openRepairConnection(target, "own-watch");
  try {
    await dropJournaled(client, side, plan);
  } finally {
    await side.close();
  }
  const { verified, checks } = await verify(client, ALL_USER_PATHS_REPAIR, "public");
  if (!verified) throw new NewDayError("repair_incomplete", { checks });
  return { outcome: "repaired", dropped: plan.keys.map(({ name }) => name) };
}

async function dropJournaled(client: DirectClient, side: DirectClient, plan: Plan): Promise<void> {
  const journal = await openJournal({ runId: plan.id, client: side, local: undefined });
  await journal.append("run", {
    status: "started",
    repair: plan.repair,
    plan: planHash(plan),
    tool: plan.tool,
    operator: "the server itself",
    keys: plan.keys,
  });
  await journal.append("step", {
    step: "backup",
    status: "skipped",
    actor: "the server itself",
    ...toMembers("why", {
      en: "the tables were made by migration 1 and are empty: there is nothing to back up",
      zh: "这些表由迁移 1 新建且为空：没有可备份的内容",
    }),
  });
  await runCriticalSection({
    client,
    side,
    work: dropWork(plan, {
      runId: journal.runId,
      journal: journal.inDatabase,
      holdMs: OWN_HOLD_MS,
    }),
    journal,
    emit: silent,
    budgetMs: OWN_BUDGET_MS,
  });
  await journal.append("run", { status: "repaired" });
}
