/** Decides operations without writing, for commands that only show what would happen. */
import type { Operation, OperationResult, Outcome, PostingEngine } from "./operation.ts";

/** An engine whose submissions are previews of `engine`: nothing is posted. */
export function createDryRunEngine(engine: PostingEngine): PostingEngine {
  return {
    async submit<Result extends OperationResult>(
      operation: Operation<Result>,
    ): Promise<Outcome<Result>> {
      const [outcome] = await engine.preview([operation], "atomic");
      return outcome;
    },
    submitMany: (operations, mode) => engine.preview(operations, mode),
    preview: (operations, mode) => engine.preview(operations, mode),
    queueDepth: () => engine.queueDepth(),
    counters: () => engine.counters(),
    drain: () => engine.drain(),
  };
}
