/**
 * Applies a plan: guards, backup, critical section, verification; each a journaled step.
 *
 * May be called again after any end, with the same plan: a result that is present is observed and
 * kept. The run's id is the plan's id, so that the journal of all attempts is one story.
 */
import type { Emit } from "../model/events.ts";
import { inspect } from "../catalogue/inspection.ts";
import { readServer } from "../catalogue/server-queries.ts";
import { openRepairConnection, readOnly } from "../connection/connection.ts";
import type { ConnectionTarget, DirectClient } from "../../db/driver/direct-client.ts";
import { readEndpoint, requireSameEndpoint } from "../model/endpoint.ts";
import type { RunControl } from "../model/run-control.ts";
import { findRepair } from "../model/repairs.ts";
import type { RepairDefinition } from "../model/definition.ts";
import { readEvents } from "../journal/journal-queries.ts";
import { openJournal, type Journal } from "../journal/journal.ts";
import type { LocalJournal } from "../journal/local-journal.ts";
import { readFingerprint } from "../plan/build-plan.ts";
import { proofOf, type Plan } from "../model/plan.ts";
import type { Message } from "../../lib/messages.ts";
import { closeReplicas, openReplicas, type ReplicaLink } from "../replicas/replica-link.ts";
import { runStep, skipStep, type StepContext } from "../journal/step.ts";
import type { Verification } from "../verify/verify.ts";
import { backupStep, type BackupChoice } from "./backup-step.ts";
import { dropStep } from "./drop-step.ts";
import { followReplay } from "./follow-replay.ts";
import { decideByCatalogue, lostBefore, journalFact, unverified } from "./lost-connection.ts";
import {
  requireCurrent,
  requireFresh,
  requireNoDump,
  requireNoBlockingFindings,
  requireSameDatabase,
  requireWritable,
} from "./guards.ts";
import { lockRunner } from "../journal/runner-lock.ts";
import { runnerPurpose } from "../journal/runner-process.ts";
import { verifyStep } from "./verify-step.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export interface ApplyRequest {
  readonly target: ConnectionTarget;
  readonly plan: Plan;
  readonly hash: string;
  readonly backup: BackupChoice;
  readonly emit: Emit;
  readonly budgetMs: number;
  /** The acting user of the operating system, for the journal. */
  readonly operator: string;
  readonly local: LocalJournal | undefined;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
  readonly control?: RunControl | undefined;
  /** Called once no other runner can be at work: from then on other terminals control this run. */
  readonly listen?: (() => Promise<void>) | undefined;
  /** True after a crash: the session of the dead runner may still be at the server. */
  readonly resumes?: boolean;
  /** Standbys whose readers and lag are checked before the lock is requested. */
  readonly replicas?: readonly ConnectionTarget[];
}

export interface ApplyResult {
  readonly outcome: "repaired" | "satisfied";
  readonly verification: Verification;
}

/** Shared by every step of one apply. */
export interface ApplyContext extends StepContext {
  readonly request: ApplyRequest;
  readonly repair: RepairDefinition;
  readonly client: DirectClient;
  readonly side: DirectClient;
  readonly replicas: readonly ReplicaLink[];
}

/**
 * Applies the plan. Resolves when the result is verified. Errors: `repair_refused`,
 * `repair_plan_stale`, `repair_blocked`, `repair_verify_failed` (all four: the database is
 * unchanged), `repair_in_doubt`, `repair_incomplete` (changed, a later step failed).
 */
export async function applyPlan(request: ApplyRequest): Promise<ApplyResult> {
  const repair = findRepair(request.plan.repair.id);
  requireCurrent(request.plan, repair, request.now);
  const client = await openRepairConnection(
    request.target,
    runnerPurpose(`apply ${request.plan.id.slice(0, 8)}`),
  );
  const side = await openRepairConnection(request.target, "watch").catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  let replicas: readonly ReplicaLink[] = [];
  try {
    // The lock first, so that the inspection sees no other runner's change on its way.
    await lockRunner(client, request);
    await request.listen?.();
    const satisfied = await guard(client, request, repair);
    replicas = await openReplicas(side, request.replicas ?? []);
    const journal = await startRun(side, request);
    const context = { request, repair, client, side, replicas, journal, emit: request.emit };
    const verification = satisfied ? await observed(context) : await change(context);
    const outcome = satisfied ? "satisfied" : "repaired";
    await journalFact(context, "run", { status: outcome });
    return { outcome, verification };
  } catch (error) {
    throw lostBefore(error, [client, side]);
  } finally {
    await Promise.all([client.close(), side.close(), closeReplicas(replicas)]);
  }
}

/**
 * True when the plan is already fulfilled. Throws for another database or state than the plan's.
 */
async function guard(
  client: DirectClient,
  { plan }: ApplyRequest,
  repair: RepairDefinition,
): Promise<boolean> {
  const { inspection, fingerprint } = await readOnly(client, async () => {
    const server = await readServer(client);
    requireWritable(server);
    const inspection = await inspect(client, repair, plan.target.schema);
    return { inspection, fingerprint: await readFingerprint(client, server, inspection) };
  });
  requireSameDatabase(plan, fingerprint);
  requireSameEndpoint(plan.endpoint, await readEndpoint(client.peer));
  if (inspection.keys.length === 0) return true;
  requireFresh(plan, inspection);
  requireNoBlockingFindings(plan);
  return false;
}

async function startRun(side: DirectClient, request: ApplyRequest): Promise<Journal> {
  const { plan, hash, local, operator } = request;
  const journal = await openJournal({ runId: plan.id, client: side, local });
  if (!journal.inDatabase)
    request.emit(
      "warning",
      {
        en: "The role may not create the journal in the database; the local file is the only memory.",
        zh: "角色无权在数据库中创建日志；仅保留本地日志文件。",
      },
      { journal: "local" },
    );
  await journal.append("run", {
    status: "started",
    repair: plan.repair,
    plan: hash,
    environment: plan.environment,
    target: plan.target,
    tool: plan.tool,
    operator,
    keys: plan.keys,
    proof: proofOf(plan),
  });
  return journal;
}

async function observed(context: ApplyContext): Promise<Verification> {
  const title: Message = { en: "The keys are gone already", zh: "外键此前已不存在" };
  // The drop of this very run stays its outcome, however often the run is resumed.
  if (await hasDropped(context)) context.emit("step", title, { step: "cut", status: "satisfied" });
  else
    await skipStep(
      context,
      { key: "cut", title },
      { status: "skipped", actor: "newday", why: "observed: no key of this kind is present" },
    );
  return verifyStep(context);
}

/** True when this run has journaled a drop of its own. */
async function hasDropped({ side, journal, request }: ApplyContext): Promise<boolean> {
  const events = journal.inDatabase ? await readEvents(side) : (request.local?.records() ?? []);
  return events.some(({ runId, kind, body }) => {
    if (runId !== journal.runId || kind !== "step") return false;
    const { step, status } = parseStoredJson(body) as { step?: string; status?: string };
    return step === "cut" && status === "done";
  });
}

async function change(context: ApplyContext): Promise<Verification> {
  await backupStep(context);
  await requireNoDump(context.side, context.request.plan);
  await runStep(context, dropStep(context)).catch((error: unknown) =>
    decideByCatalogue(context, error),
  );
  await followReplay(context);
  return verifyStep(context).catch((error: unknown) => {
    throw unverified(error);
  });
}
