/**
 * `/api/admin/repair`: what `newday repair` reads, for a browser. Nothing here changes the database: a repair runs
 * in a process of its own, where a person types the facts of the database (docs/repair/design.md 3).
 */
import { Type } from "typebox";
import type { ConnectionTarget } from "../../../db/driver/direct-client.ts";
import { NewDayError } from "../../../errors/errors.ts";
import { refusal } from "../../../errors/refusals.ts";
import { coalesceReads } from "../../../lib/coalesced-read.ts";
import { readLiveState } from "../../../repair/aftercare/live-state.ts";
import { readRunEvidence } from "../../../repair/aftercare/run-evidence.ts";
import { withRepairConnection } from "../../../repair/connection/connection.ts";
import { findRun, type RunStory } from "../../../repair/journal/run-story.ts";
import { DEFAULT_REPAIR, findRepair, knownRepairs } from "../../../repair/model/repairs.ts";
import { buildPlan } from "../../../repair/plan/build-plan.ts";
import { readRollback } from "../../../repair/rollback/view.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { oneOf, ref, strictObject } from "../../v1/schemas/schemas.ts";
import { showPlan, showRepairState, showRollback, showRunbook } from "../app/repair-replies.ts";
import {
  RepairPlanSchema,
  RepairStateSchema,
  RollbackSchema,
  RunbookSchema,
} from "../app/schemas-repair.ts";

const tags = ["Repair"];
const config = { operators: { role: "owner" } } as const;
const repair = Type.Optional(oneOf(knownRepairs().map(({ id }) => id)));
const querystring = strictObject({ repair });

const stateSchema = {
  operationId: "getRepair",
  tags,
  title: { en: "Watch the repair", zh: "查看修复状态" },
  description: `The runs of the journal, who runs one now and what it says, and who holds the tables. Cheap and free
of locks: read it every few seconds.`,
  querystring,
  response: { 200: ref(RepairStateSchema) },
};

const runbookSchema = {
  operationId: "getRepairRunbook",
  tags,
  title: { en: "Read the runbook of a run", zh: "查看修复手册" },
  description: `The checklist, each box probed anew, and the runbook. Without a run it is the newest one. No row is
written for it: \`newday repair verify\` proves the behaviour.`,
  querystring: strictObject({
    repair,
    run: Type.Optional(Type.String({ minLength: 8, maxLength: 64 })),
  }),
  response: { 200: ref(RunbookSchema) },
};

const planSchema = {
  operationId: "getRepairPlan",
  tags,
  title: { en: "Plan the repair", zh: "制定修复计划" },
  description: `What a repair would change, its locks and findings, from one READ ONLY transaction.
\`newday repair plan\` writes the file that \`newday repair apply\` wants.`,
  querystring,
  response: { 200: ref(RepairPlanSchema) },
};

const rollbackSchema = {
  operationId: "getRepairRollback",
  tags,
  title: { en: "Read the rollback options", zh: "查看回滚方式" },
  description: "What each option would do, whether it is open now, and why.",
  querystring,
  response: { 200: ref(RollbackSchema) },
};

/** As `newday repair plan`: long enough to tell a busy table from a quiet one. */
const LOAD_SAMPLE_MS = 1_000;
/** A browser waits for an answer. */
const COUNT_TIMEOUT_MS = 8_000;

export function repairRoutes(admin: V1App, { repairTarget, build }: Services): void {
  // Every open screen asks every few seconds, and each read is a connection of its own.
  const readState = coalesceReads(async (ids) => {
    const target = known(repairTarget);
    const states = ids.map(
      async (id) => [id, await readLiveState(target, findRepair(id))] as const,
    );
    return new Map(await Promise.all(states));
  });
  admin.get("/repair", { schema: stateSchema, config }, async ({ query }) => {
    const chosen = findRepair(query.repair ?? DEFAULT_REPAIR);
    const state = await readState(chosen.id);
    if (!state) throw new Error("a repair without a state");
    return showRepairState(state, chosen);
  });
  admin.get("/repair/runbook", { schema: runbookSchema, config }, async ({ query }) => {
    const target = known(repairTarget);
    const { run, repair: repairId = DEFAULT_REPAIR } = query;
    const found = await withRepairConnection(target, "report", (client) =>
      findRun(client, run === undefined ? { repairId } : { id: run }),
    );
    if (run !== undefined && !found) throw new NewDayError("not_found", {});
    const story = found ?? nothingYet(repairId);
    return showRunbook(await readRunEvidence(target, story, { proves: false }));
  });
  admin.get("/repair/plan", { schema: planSchema, config }, ({ query }) =>
    withRepairConnection(known(repairTarget), "plan", async (client) => {
      const { plan } = await buildPlan(client, {
        repair: findRepair(query.repair ?? DEFAULT_REPAIR),
        tool: `newday ${build.version}`,
        accepted: new Map(),
        now: new Date(),
        loadSampleMs: LOAD_SAMPLE_MS,
      });
      return showPlan(plan);
    }),
  );
  admin.get("/repair/rollback", { schema: rollbackSchema, config }, ({ query }) =>
    withRepairConnection(known(repairTarget), "rollback", async (client) => {
      const chosen = findRepair(query.repair ?? DEFAULT_REPAIR);
      return showRollback(await readRollback(client, chosen, { countTimeoutMs: COUNT_TIMEOUT_MS }));
    }),
  );
}

/** Errors: `database_url_missing` where the server was composed without an address of its database. */
function known(target: ConnectionTarget | undefined): ConnectionTarget {
  if (target !== undefined) return target;
  throw refusal("database_url_missing", {}, { details: { option: "DATABASE_URL" } });
}

/** Before the first run every box is empty, but for what is observed to be true already. */
function nothingYet(repairId: string): RunStory {
  return {
    runId: "",
    startedAt: "",
    repairId,
    schema: undefined,
    environment: "",
    database: "",
    operator: "",
    tool: "",
    planHash: "",
    steps: [],
    events: [],
    rollbacks: [],
    headHash: "",
    intact: true,
  };
}
