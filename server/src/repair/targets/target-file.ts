/**
 * Named targets: which database an operator means, written down before anybody is in a hurry.
 *
 * The file is meant to be checked in; it holds no secret. A URL says how to reach a server, a target
 * says which server that must turn out to be (REPAIR.md section 3.3, layer 1).
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { NewDayError } from "../../errors.ts";
import type { Finding } from "../findings/finding.ts";
import type { Fingerprint } from "../plan/plan.ts";

export const DEFAULT_TARGETS_FILE = "newday-targets.json";

export interface Target {
  readonly name: string;
  readonly environment: string;
  readonly database: string;
  readonly schema: string;
  readonly serverMajor: number;
  /** Absent where the provider does not tell it. */
  readonly systemIdentifier?: string;
}

/** The targets of the file; none when it does not exist. Throws `repair_usage` when it is no such file. */
export function readTargets(path: string): Target[] {
  if (!existsSync(path)) return [];
  try {
    const { targets } = JSON.parse(readFileSync(path, "utf8")) as { targets: Target[] };
    if (Array.isArray(targets)) return targets;
  } catch (cause) {
    throw notTargets(path, cause);
  }
  throw notTargets(path);
}

/** The target of this name. Throws `repair_usage` that lists the names. */
export function findTarget(path: string, name: string): Target {
  const targets = readTargets(path);
  const target = targets.find((candidate) => candidate.name === name);
  if (target) return target;
  const known = targets.map((candidate) => candidate.name).join(", ") || "none";
  throw new NewDayError(
    "repair_usage",
    { path, name },
    {
      message: `${path} has no target "${name}" (known: ${known}); \`newday repair targets --pin ${name}\` adds it.`,
    },
  );
}

/** Adds or replaces one target; the others stay as they are. */
export function pinTarget(path: string, target: Target): void {
  const others = readTargets(path).filter(({ name }) => name !== target.name);
  writeFileSync(path, `${JSON.stringify({ targets: [...others, target] }, null, 2)}\n`);
}

/** The target that this database is. */
export function targetOf(name: string, environment: string, present: Fingerprint): Target {
  return {
    name,
    environment,
    database: present.database,
    schema: present.schema,
    serverMajor: majorOf(present),
    ...(present.systemIdentifier === undefined
      ? {}
      : { systemIdentifier: present.systemIdentifier }),
  };
}

/** B01 for every fact in which the database is not the target. */
export function targetFindings(target: Target, present: Fingerprint): Finding[] {
  const actual = targetOf(target.name, target.environment, present);
  const facts = ["database", "schema", "serverMajor", "systemIdentifier"] as const;
  return facts
    .filter((fact) => target[fact] !== undefined && target[fact] !== actual[fact])
    .map((fact) => ({
      id: "B01",
      severity: "block",
      evidence: [
        `${fact}: target "${target.name}" says ${target[fact]}, here it is ${actual[fact]}`,
        `${fact}：目标“${target.name}”为 ${target[fact]}，此处为 ${actual[fact]}`,
      ],
      data: { fact, target: target[fact], here: actual[fact] },
    }));
}

function majorOf({ versionNumber }: Fingerprint): number {
  return Math.floor(versionNumber / 10_000);
}

function notTargets(path: string, cause?: unknown): NewDayError {
  return new NewDayError(
    "repair_usage",
    { path },
    { message: `${path} is not a file of targets: {"targets": [...]}`, cause },
  );
}
