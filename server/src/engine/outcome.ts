/** Reads outcomes of the engine. */
import { NewDayError } from "../errors/errors.ts";
import type { JsonObject, OperationResult, Outcome, PostedOutcome } from "./operation.ts";

/** Returns the posted outcome; throws a refusal as its error. */
export function requirePosted<Result extends OperationResult>(
  outcome: Outcome<Result>,
): PostedOutcome<Result> {
  if (outcome.status === "posted") return outcome;
  throw new NewDayError(outcome.code, outcome.details);
}

/** A text in the details of a refusal of ours; its absence is an internal fault. */
export function detailText(details: JsonObject, name: string): string {
  const value = details[name];
  if (typeof value !== "string") throw new Error(`the refusal lacks ${name}`);
  return value;
}
