/** The state of a run in one word, from its journal. */
import type { EventRow } from "./journal-queries.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export type RunWord =
  | "STARTED"
  | "BACKED_UP"
  | "CUTTING"
  | "IN_DOUBT"
  | "BLOCKED"
  | "VERIFIED_DB"
  | "SMOKED"
  | "NOTIFIED"
  | "ROLLED_BACK"
  | "ROLLED_BACK_NOT_VALID"
  | "FIX_FORWARD"
  | "ROLLING_BACK"
  | "REFUSED_ORPHANS"
  | "CLOSED"
  | "KEY_BACK"
  | "UNBLOCKED"
  | "FAILED";

export interface RunState {
  readonly runId: string;
  readonly repair: string;
  readonly word: RunWord;
  /** The run that this one rolls back. */
  readonly rollbackOf: string | undefined;
  /** The last status of each step, in the order in which they first appeared. */
  readonly steps: readonly { readonly step: string; readonly status: string }[];
  readonly lastAt: string;
  /** True for the run of an apply that wrote no end: it was killed, or lost its connection. */
  readonly isUnfinished: boolean;
}

interface Body {
  readonly step?: string;
  readonly status?: string;
  readonly code?: string;
  readonly of?: string;
  readonly repair?: { readonly id: string } | string;
}

/** The state of every run, in the order of their first rows. */
export function runStates(events: readonly EventRow[]): RunState[] {
  const runs = new Map<string, EventRow[]>();
  for (const event of events) runs.set(event.runId, [...(runs.get(event.runId) ?? []), event]);
  return [...runs.values()].map(runState);
}

/** Reads the rows of one run, oldest first. */
export function runState(rows: readonly EventRow[]): RunState {
  const steps = new Map<string, string>();
  let word: RunWord = "STARTED";
  let repair = "?";
  let rollbackOf: string | undefined;
  let isUnfinished = false;
  for (const { kind, body } of rows) {
    const facts = parseStoredJson(body) as Body;
    if (facts.repair !== undefined)
      repair = typeof facts.repair === "string" ? facts.repair : facts.repair.id;
    if (kind === "run") isUnfinished = facts.status === "started";
    if (kind === "step" && facts.status === "failed") isUnfinished = false;
    if (kind === "rollback" && facts.of !== undefined) rollbackOf = facts.of;
    if (kind === "step" && facts.step && facts.status) steps.set(facts.step, facts.status);
    word = nextWord(word, kind, facts);
  }
  return {
    runId: rows[0]?.runId ?? "",
    repair,
    word,
    rollbackOf,
    steps: [...steps].map(([step, status]) => ({ step, status })),
    lastAt: rows.at(-1)?.at ?? "",
    isUnfinished,
  };
}

const STEP_WORDS: Readonly<Record<string, RunWord>> = {
  backup: "BACKED_UP",
  cut: "CUTTING",
  verify: "VERIFIED_DB",
  smoke: "SMOKED",
  notify: "NOTIFIED",
  watch: "CLOSED",
};

/** A failure after or beside the drop has a box of its own and leaves the drop done. */
const BESIDE_THE_CUT: ReadonlySet<string> = new Set(["rehearse", "smoke", "notify"]);

const ROLLBACK_WORDS: Readonly<Record<string, RunWord>> = {
  intent: "ROLLING_BACK",
  added: "ROLLING_BACK",
  incomplete: "ROLLING_BACK",
  in_doubt: "IN_DOUBT",
  blocked: "BLOCKED",
  aborted: "BLOCKED",
  refused: "REFUSED_ORPHANS",
  failed: "FAILED",
  ROLLED_BACK: "ROLLED_BACK",
  ROLLED_BACK_NOT_VALID: "ROLLED_BACK_NOT_VALID",
  FIX_FORWARD: "FIX_FORWARD",
};

/** The words of a run in their order: a step that is made again does not set the run back. */
const PROGRESS: readonly RunWord[] = [
  "BACKED_UP",
  "CUTTING",
  "VERIFIED_DB",
  "SMOKED",
  "NOTIFIED",
  "CLOSED",
];

function later(word: RunWord, next: RunWord): RunWord {
  return PROGRESS.indexOf(word) > PROGRESS.indexOf(next) ? word : next;
}

function nextWord(word: RunWord, kind: string, { step, status, code }: Body): RunWord {
  if (kind === "rollback") return ROLLBACK_WORDS[status ?? ""] ?? word;
  if (kind === "unblock") return "UNBLOCKED";
  if (kind === "attempt") return status === "in_doubt" ? "IN_DOUBT" : word;
  if (kind !== "step") return word;
  if (status === "in_doubt") return "IN_DOUBT";
  if (status === "failed" && step === "watch") return "KEY_BACK";
  if (status === "failed" && BESIDE_THE_CUT.has(step ?? "")) return word;
  if (status === "failed") return code === "repair_blocked" ? "BLOCKED" : "FAILED";
  if (status === "intent") return step === "cut" ? "CUTTING" : word;
  const next = STEP_WORDS[step ?? ""];
  if (next === undefined) return word;
  // A drop of its own begins the run anew, after a rollback for one.
  return step === "cut" && status === "done" ? next : later(word, next);
}
