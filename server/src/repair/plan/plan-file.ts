/** Writes a plan to a file and reads it back verified. */
import { readFileSync, statSync } from "node:fs";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { PLAN_FORMAT, planHash, shortHash, type Plan } from "../model/plan.ts";
import { blocking } from "../model/finding.ts";
import { requireWritableFile, writeOutput } from "../model/output-file.ts";
import { parseStoredJson, toStoredJson } from "../model/stored-text.ts";

interface PlanFile {
  readonly hash: string;
  readonly plan: Plan;
}

/** A name from database, repair and plan. */
export function defaultPlanPath(plan: Plan): string {
  const database = plan.target.database.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return `newday-repair-${plan.repair.id}-${database}-${shortHash(planHash(plan))}.json`;
}

/**
 * Throws `repair_usage` where a plan cannot be written, or where one is that may be applied: two
 * plans under one name would make the typed hash ambiguous. A refused plan gives way to the next, and so does an
 * empty file, which a container mounts for the plan.
 */
export function requirePlanPlace(path: string): void {
  requireWritableFile(path);
  const present = statSync(path, { throwIfNoEntry: false });
  if (present && !(present.isFile() && isInapplicable(path)))
    throw refusal("plan_file_exists", { path }, { details: { path } });
}

function isInapplicable(path: string): boolean {
  try {
    return statSync(path).size === 0 || blocking(readPlanFile(path).plan.findings).length > 0;
  } catch {
    return false;
  }
}

/** Writes the plan and returns its hash. Errors: those of `requirePlanPlace`. */
export function writePlanFile(path: string, plan: Plan): string {
  const hash = planHash(plan);
  requirePlanPlace(path);
  writeOutput(path, `${toStoredJson({ hash, plan } satisfies PlanFile, 2)}\n`);
  return hash;
}

/**
 * Reads a plan and verifies its hash. Throws `repair_usage` for another file or `repair_plan_stale`
 * for an edited plan or another version.
 */
export function readPlanFile(path: string): { plan: Plan; hash: string } {
  const { hash, plan } = parse(path);
  if (plan.format !== PLAN_FORMAT)
    throw refusal("plan_of_other_version", { path }, { details: { path, format: plan.format } });
  if (planHash(plan) !== hash) throw refusal("plan_edited", { path }, { details: { path } });
  return { plan, hash };
}

function parse(path: string): PlanFile {
  try {
    const file = parseStoredJson(readFileSync(path, "utf8")) as Partial<PlanFile>;
    if (typeof file.hash === "string" && file.plan) return { hash: file.hash, plan: file.plan };
  } catch (cause) {
    throw notAPlan(path, cause);
  }
  throw notAPlan(path);
}

function notAPlan(path: string, cause?: unknown): NewDayError {
  return refusal("plan_file_invalid", { path }, { details: { path }, cause });
}
