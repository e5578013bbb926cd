/**
 * Named targets: the databases that an operator means, written down in time.
 *
 * The file is meant to be checked in and holds no secret. A URL says how to reach a server, a
 * target says which server it is (docs/repair/design.md 3, layer 1).
 */
import { existsSync, readFileSync } from "node:fs";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { SHARED_MODE, writeOutput } from "./output-file.ts";
import { NONE } from "../../lib/messages.ts";

export const DEFAULT_TARGETS_FILE = "newday-targets.json";

export interface Target {
  readonly name: string;
  readonly environment: string;
  readonly database: string;
  readonly schema: string;
  readonly serverMajor: number;
  /** Absent where the provider hides it. */
  readonly systemIdentifier?: string;
  readonly timeline?: number;
  /** SHA-256 of the server's certificate, for an encrypted connection. */
  readonly certificate?: string;
  /** The repair's key names there. */
  readonly keys?: readonly string[];
}

/**
 * The targets of the file; empty for a missing file. Throws `repair_usage` for any other content.
 */
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
  const known = targets.map((candidate) => candidate.name).join(", ") || NONE;
  throw refusal("target_unknown", { path, name, known }, { details: { path, name } });
}

/** Adds or replaces one target; the others stay as they are. */
export function pinTarget(path: string, target: Target): void {
  const others = readTargets(path).filter(({ name }) => name !== target.name);
  const text = JSON.stringify({ targets: [...others, target] }, null, 2);
  writeOutput(path, `${text}\n`, SHARED_MODE);
}

function notTargets(path: string, cause?: unknown): NewDayError {
  return refusal("target_file_invalid", { path }, { details: { path }, cause });
}
