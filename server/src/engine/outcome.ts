/** Reads outcomes of the engine. */
import { NewDayError } from "../errors/errors.ts";
import type {
  JsonObject,
  Operation,
  OperationResult,
  Outcome,
  OutcomesOf,
  PostedOutcome,
} from "./operation.ts";

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

/**
 * The outcomes under the result types of their operations. The queue and the books keep results of any
 * type, and an outcome under an id is the outcome of that id's operation.
 */
export function typedOutcomes<const Operations extends readonly Operation[]>(
  outcomes: readonly Outcome[],
  _operations: Operations,
): OutcomesOf<Operations> {
  return outcomes as OutcomesOf<Operations>;
}
