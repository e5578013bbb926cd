/**
 * The step machine: every step is (is it already true?) -> intent -> act -> (is it true now?).
 *
 * The journal holds the intent before the act and the outcome after it, so that a run killed at any
 * point can be resumed. A result that is observed counts as done, and only an observed result
 * counts (docs/repair/design.md 1 and 5).
 */
import type { Emit } from "../model/events.ts";
import type { Journal } from "./journal.ts";
import { type Message, toMembers } from "../../lib/messages.ts";
import { isNewDayError } from "../../errors/errors.ts";

export type StepKey =
  | "preflight"
  | "rehearse"
  | "backup"
  | "cut"
  | "verify"
  | "smoke"
  | "notify"
  | "watch";

/**
 * `satisfied`: true before we acted; `attested`: a person vouches for it with evidence beyond the
 * probes.
 */
export type StepStatus =
  | "intent"
  | "done"
  | "satisfied"
  | "attested"
  | "skipped"
  | "failed"
  | "in_doubt";

export type Evidence = Readonly<Record<string, unknown>>;

export interface Observation {
  readonly holds: boolean;
  readonly evidence: Evidence;
}

export interface Step {
  readonly key: StepKey;
  readonly title: Message;
  /** Checks whether the step's result is present, and again after `act`. Read-only. */
  observe(): Promise<Observation>;
  /** Does it. Its evidence is journaled with the outcome. */
  act(): Promise<Evidence>;
}

export interface StepContext {
  readonly journal: Journal;
  readonly emit: Emit;
}

/**
 * Runs one step to a journaled end. Rejects with the error of `act`, after journaling the failure.
 */
export async function runStep(context: StepContext, step: Step): Promise<StepStatus> {
  const before = await step.observe();
  if (before.holds) return settle(context, step, "satisfied", before.evidence);
  await record(context, step.key, "intent", {});
  context.emit("step", step.title, { step: step.key, status: "intent" });
  const acted = await step.act().catch(async (error: unknown) => {
    await recordFailure(context, step.key, error);
    throw error;
  });
  const after = await step.observe();
  const evidence = { ...acted, ...after.evidence };
  return settle(context, step, after.holds ? "done" : "failed", evidence);
}

/** Journals a skipped step, with the reason and the deciding person. */
export function skipStep(
  context: StepContext,
  step: { readonly key: StepKey; readonly title: Message },
  reason: { readonly status: "skipped" | "attested"; readonly actor: string; readonly why: string },
): Promise<StepStatus> {
  const { status, ...evidence } = reason;
  return settle(context, step, status, evidence);
}

async function settle(
  context: StepContext,
  step: { readonly key: StepKey; readonly title: Message },
  status: StepStatus,
  evidence: Evidence,
): Promise<StepStatus> {
  await record(context, step.key, status, evidence);
  context.emit("step", step.title, { step: step.key, status, ...evidence });
  return status;
}

async function record(
  { journal }: StepContext,
  step: StepKey,
  status: StepStatus,
  evidence: Evidence,
): Promise<void> {
  await journal.append("step", { step, status, ...evidence });
}

/** The text of an error as a row of the journal keeps it. */
export function errorMembers(error: unknown): Readonly<Record<string, string>> {
  if (isNewDayError(error)) return toMembers("error", error.text);
  return { error: error instanceof Error ? error.message : String(error) };
}

/** The cause of the step's failure may make the journal unreachable too. */
async function recordFailure(context: StepContext, step: StepKey, error: unknown): Promise<void> {
  const code = (error as { code?: unknown } | null)?.code;
  const status: StepStatus = code === "repair_in_doubt" ? "in_doubt" : "failed";
  await record(context, step, status, { ...errorMembers(error), code }).catch(() => undefined);
}
