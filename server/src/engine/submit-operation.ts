/** Posting one operation; every command of the features ends here. */
import type { Operation, OperationResult, Outcome, PostingEngine } from "./operation.ts";

/** An operation and its outcome. */
export interface Submitted<Result extends OperationResult = OperationResult> {
  readonly operation: Pick<Operation<Result>, "type" | "terms">;
  readonly outcome: Outcome<Result>;
}

/** Errors: those of the engine; a refusal is an outcome. */
export async function submitOperation<Result extends OperationResult>(
  engine: PostingEngine,
  operation: Operation<Result>,
): Promise<Submitted<Result>> {
  return { operation, outcome: await engine.submit(operation) };
}
