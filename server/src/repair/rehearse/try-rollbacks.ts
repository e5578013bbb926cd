/**
 * Up, down, up: every rollback option is tried on a copy before production needs it.
 *
 * Each is tried twice: with orphans absent, and with one in every repaired table. So all refusals
 * are known beforehand. Every option must keep all rows, and after each the repair is applied
 * again.
 */
import { quoteLiteral, type ConnectionTarget } from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError } from "../../errors/errors.ts";
import { applyPlan } from "../apply/apply.ts";
import { readTableContents } from "../backup/table-contents.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { RepairDefinition } from "../model/definition.ts";
import { silent, type Emit } from "../model/events.ts";
import { verbatim, type Message } from "../../lib/messages.ts";
import { progressReporter, TRIALS } from "../model/progress.ts";
import { buildPlan } from "../plan/build-plan.ts";
import { planHash, type Plan } from "../model/plan.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { runRollback } from "../rollback/rollback.ts";
import { readRollback } from "../rollback/view.ts";
import type { OptionName } from "../rollback/options.ts";
import { countQuarantined } from "./rehearsal-queries.ts";
import type { ScratchServer } from "../backup/scratch-server.ts";

/** `restore` is left to people. */
const TRIED: readonly OptionName[] = [
  "exact",
  "freeze",
  "no-action",
  "quarantine",
  "stubs",
  "fix-forward",
];
/** The copy has one user: a longer wait is a fault. */
const BUDGET_MS = 60_000;

export interface TriedRollback {
  readonly option: OptionName;
  readonly strangers: number;
  /** `refused` is a valid result: better here than in production. */
  readonly outcome: "ROLLED_BACK" | "ROLLED_BACK_NOT_VALID" | "FIX_FORWARD" | "refused" | "failed";
  readonly words: string;
  /** The same in both languages. */
  readonly text: Message;
  /** True when the repaired tables had the same number of rows, or all moved rows were kept. */
  readonly rowsKept: boolean;
}

export interface RollbackTrials {
  readonly server: ScratchServer;
  /** A copy that still has the keys. */
  readonly template: string;
  readonly repair: RepairDefinition;
  readonly schema: string;
  readonly tool: string;
  readonly emit: Emit;
}

const TRYING: Message = { en: "trying the rollback options", zh: "试行各回滚方式" };

export async function tryRollbacks(trials: RollbackTrials): Promise<TriedRollback[]> {
  const results: TriedRollback[] = [];
  const progress = { label: TRYING, unit: TRIALS, total: 2 * TRIED.length };
  const report = progressReporter(trials.emit, progress);
  report(0);
  for (const injected of [false, true]) {
    const cut = `newday_cut_${injected ? "external" : "clean"}`;
    const target = await trials.server.create(cut, { template: trials.template });
    const plan = await up(trials, target);
    if (injected) await injectExternalUsers(target, plan);
    for (const option of TRIED) {
      const copy = `newday_try_${option.replace("-", "_")}`;
      const place = await trials.server.create(copy, { template: cut });
      results.push(await tryOne(trials, place, { option, plan }));
      await trials.server.drop(copy);
      report(results.length);
    }
    await trials.server.drop(cut);
  }
  return results;
}

/** The very apply of production, on the copy; its findings were judged on the target already. */
async function up({ repair, schema, tool }: RollbackTrials, target: ConnectionTarget) {
  const { plan } = await withRepairConnection(target, "plan", (client) =>
    buildPlan(client, {
      repair,
      schema,
      tool,
      environment: "rehearsal",
      accepted: new Map(),
      now: new Date(),
    }),
  );
  const rehearsed: Plan = { ...plan, findings: [] };
  await applyPlan({
    target,
    plan: rehearsed,
    hash: planHash(rehearsed),
    backup: { kind: "attested", evidence: "a copy that is thrown away", actor: tool },
    emit: silent,
    budgetMs: BUDGET_MS,
    operator: tool,
    local: undefined,
    now: new Date(),
  });
  return rehearsed;
}

/** One foreign row in every repaired table: the probes of the plan, committed. */
async function injectExternalUsers(target: ConnectionTarget, plan: Plan): Promise<void> {
  await withRepairConnection(target, "inject", async (client) => {
    for (const { table, sql } of plan.probes)
      await client.script(`select ${clientPathSql(quoteLiteral(table))}; ${sql}`);
  });
}

async function tryOne(
  trials: RollbackTrials,
  target: ConnectionTarget,
  { option, plan }: { option: OptionName; plan: Plan },
): Promise<TriedRollback> {
  const { repair, schema, tool } = trials;
  const before = await countRows(target, plan);
  const view = await withRepairConnection(target, "rollback", (client) =>
    readRollback(client, repair, { schema }),
  );
  const orphanRows = view.state.orphans ?? 0;
  try {
    const { state } = await runRollback({
      target,
      repair,
      view,
      option,
      emit: silent,
      budgetMs: BUDGET_MS,
      operator: tool,
      reason: "rehearsal",
    });
    const rowsKept = (await countRows(target, plan)) === before;
    if (state !== "FIX_FORWARD") await up(trials, target);
    return {
      option,
      strangers: orphanRows,
      outcome: state,
      words: "",
      text: verbatim(""),
      rowsKept,
    };
  } catch (error) {
    // One option that fails is a result of the rehearsal; the others are tried all the same.
    if (!isNewDayError(error) && sqlStateOf(error) === undefined) throw error;
    const rowsKept = (await countRows(target, plan)) === before;
    const isRefused = isNewDayError(error) && error.code === "rollback_refused";
    const words = error instanceof Error ? error.message : String(error);
    return {
      option,
      strangers: orphanRows,
      outcome: isRefused ? "refused" : "failed",
      words,
      text: isNewDayError(error) ? error.text : verbatim(words),
      rowsKept,
    };
  }
}

/** Rows of the tables that carried the keys, with those in a quarantine. */
function countRows(target: ConnectionTarget, { keys }: Plan): Promise<number> {
  const tables = [...new Set(keys.map(({ table }) => table))].map((name) => ({ name }));
  return withRepairConnection(target, "count", async (client) => {
    const contents = await readTableContents(client, tables);
    const aside = await countQuarantined(client);
    return contents.reduce((sum, { rows }) => sum + rows, aside);
  });
}
