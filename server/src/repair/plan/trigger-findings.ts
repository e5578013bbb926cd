/** Other people's code that runs while the change holds its locks: triggers and rules on INSERT. */
import { queryIfAllowed } from "../connection/optional-query.ts";
import { findHooks } from "../catalogue/catalogue-queries.ts";
import { HOLD_MS } from "../drop/locked-batch.ts";
import type { Message } from "../../lib/messages.ts";
import type { Finding } from "../model/finding.ts";
import { lockedMsOf, type Estimates } from "../model/plan.ts";
import { duration } from "../model/text.ts";
import type { PreflightInput } from "./preflight.ts";

const HOOKS: Message = { en: "triggers of the tables", zh: "表上的触发器" };

export async function triggerFindings(input: PreflightInput): Promise<Finding[]> {
  const tables = writtenTables(input);
  const hooks = await queryIfAllowed(input.client, HOOKS, [], () =>
    findHooks(input.client, "insert", tables),
  );
  return [...hooks.map((hook) => hookFinding(hook, input.estimates)), ...tooLong(input)];
}

/** Tables that get a row under the locks: a probe that is rolled back, or a required row. */
function writtenTables({ inspection, repair }: PreflightInput): number[] {
  const required = new Set(repair.rows.map(({ table }) => table));
  const tables = new Set([
    ...inspection.rules.map(({ table }) => table.oid),
    ...inspection.tables.filter(({ name }) => required.has(name)).map(({ oid }) => oid),
  ]);
  const partitions = inspection.partitions.filter(({ rootOid }) => tables.has(rootOid));
  return [...tables, ...partitions.map(({ oid }) => oid)];
}

function hookFinding(hook: string, estimates: Estimates | undefined): Finding {
  const ms = measuredMs(hook, estimates);
  const time: Message =
    ms === undefined
      ? { en: "not measured: rehearse", zh: "未测量：请演练" }
      : { en: `${duration(ms)} on the copy`, zh: `在副本上耗时 ${duration(ms)}` };
  return {
    id: "W35",
    severity: "warn",
    evidence: { en: `${hook} (${time.en})`, zh: `${hook}（${time.zh}）` },
    data: { hook, ms },
  };
}

/** EXPLAIN prints bare names; the longest of several probes counts. */
function measuredMs(hook: string, estimates: Estimates | undefined): number | undefined {
  const bare = hook.replaceAll('"', "");
  const times = (estimates?.probes ?? [])
    .flatMap(({ triggers }) => triggers)
    .filter(({ relation, name }) =>
      `.${bare}`.endsWith(`.${relation} trigger ${name}`.replaceAll('"', "")),
    )
    .map(({ ms }) => ms);
  return times.length > 0 ? Math.max(...times) : undefined;
}

function tooLong({ estimates }: PreflightInput): Finding[] {
  if (!estimates) return [];
  const lockedMs = lockedMsOf(estimates);
  if (lockedMs <= HOLD_MS) return [];
  const [took, bound] = [duration(lockedMs), duration(HOLD_MS)];
  return [
    {
      id: "B67",
      severity: "block",
      evidence: {
        en: `the change took ${took} under its locks on the copy; the bound is ${bound}`,
        zh: `更改在副本上持锁 ${took}，上限为 ${bound}`,
      },
      data: { lockedMs, holdMs: HOLD_MS },
    },
  ];
}
