/** The result of a rehearsal as a file: the basis of a plan's estimates. */
import { readFileSync } from "node:fs";
import { refusal } from "../../errors/refusals.ts";
import type { Message } from "../../lib/messages.ts";
import { writeOutput } from "../model/output-file.ts";
import type { Estimates } from "../model/plan.ts";
import { parseStoredJson, toStoredJson } from "../model/stored-text.ts";
import type { Measurement } from "./measure.ts";
import type { TriedRollback } from "./try-rollbacks.ts";

export interface RehearsalResult extends Measurement {
  readonly at: string;
  readonly server: string;
  readonly why: Message;
  readonly backup: { readonly sha256: string; readonly takenAt: string };
  readonly repair: { readonly id: string; readonly version: number };
  readonly restoreMs: number;
  readonly rollbacks: readonly TriedRollback[];
  /** The reason when the change itself failed on the copy; no option was tried then. */
  readonly failed?: Message | undefined;
}

export function writeRehearsal(path: string, result: RehearsalResult): void {
  writeOutput(path, `${toStoredJson(result, 2)}\n`);
}

/** Throws `repair_usage` for any other file. */
export function readRehearsal(path: string, repairId: string): RehearsalResult {
  const result = parse(path);
  if (result?.repair?.id === repairId && Array.isArray(result.rollbacks)) return result;
  throw refusal("rehearsal_file_invalid", { path, repair: repairId }, { details: { path } });
}

/** The part of it that a plan carries. */
export function estimatesOf(result: RehearsalResult): Estimates {
  const { at, server, rows, locks, dropMs, probes, antiJoinMs, validateMs, rollbacks } = result;
  return {
    rehearsedAt: at,
    server,
    rows,
    locks,
    dropMs,
    probes,
    antiJoinMs,
    validateMs,
    rollbacks: rollbacks.map(({ option, strangers: orphanRows, outcome }) => ({
      option,
      strangers: orphanRows,
      outcome,
    })),
  };
}

function parse(path: string): RehearsalResult | undefined {
  try {
    return parseStoredJson(readFileSync(path, "utf8")) as RehearsalResult;
  } catch {
    return undefined;
  }
}
