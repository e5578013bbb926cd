/** Writes a plan to a file and reads it back verified. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { NewDayError } from "../../errors/errors.ts";
import { PLAN_FORMAT, planHash, shortHash, type Plan } from "../model/plan.ts";

interface PlanFile {
  readonly hash: string;
  readonly plan: Plan;
}

/** A name from database, repair and plan. */
export function defaultPlanPath(plan: Plan): string {
  const database = plan.target.database.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return `newday-repair-${plan.repair.id}-${database}-${shortHash(planHash(plan))}.json`;
}

/** Refuses an existing file: two plans under one name would make the typed hash ambiguous. */
export function writePlanFile(path: string, plan: Plan): string {
  const hash = planHash(plan);
  if (existsSync(path))
    throw new NewDayError(
      "repair_usage",
      { path },
      { message: `${path} exists already; choose another name with --out, or remove it.` },
    );
  writeFileSync(path, `${JSON.stringify({ hash, plan } satisfies PlanFile, null, 2)}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  return hash;
}

/**
 * Reads a plan and verifies its hash. Throws `repair_usage` for another file or `repair_plan_stale`
 * for an edited plan or another version.
 */
export function readPlanFile(path: string): { plan: Plan; hash: string } {
  const { hash, plan } = parse(path);
  if (plan.format !== PLAN_FORMAT)
    throw new NewDayError(
      "repair_plan_stale",
      { path, format: plan.format },
      { message: `${path} was made by another version of this tool; make a new plan.` },
    );
  if (planHash(plan) !== hash)
    throw new NewDayError(
      "repair_plan_stale",
      { path },
      {
        message: `${path} was edited after it was made: its content has another hash. Make a new plan.`,
      },
    );
  return { plan, hash };
}

function parse(path: string): PlanFile {
  try {
    const file = JSON.parse(readFileSync(path, "utf8")) as Partial<PlanFile>;
    if (typeof file.hash === "string" && file.plan) return { hash: file.hash, plan: file.plan };
  } catch (cause) {
    throw notAPlan(path, cause);
  }
  throw notAPlan(path);
}

function notAPlan(path: string, cause?: unknown): NewDayError {
  return new NewDayError(
    "repair_usage",
    { path },
    { message: `${path} is not a plan file; \`newday repair plan\` writes one.`, cause },
  );
}
