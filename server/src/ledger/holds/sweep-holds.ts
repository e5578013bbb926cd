/** The background sweep of expired holds. It tidies rows; expiry is exact by itself. */
import type { Database } from "../../db/database.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { PostingEngine } from "../../engine/operation.ts";
import { listExpiredHolds } from "./hold-queries.ts";
import { expireHoldOperation } from "./hold-operation.ts";

/** One batch of the engine. */
const HOLDS_PER_SWEEP = 500;
const PAUSE_MS = 15_000;

/** Marks up to one batch of expired holds; returns how many. Several processes may sweep at once. */
export async function sweepExpiredHolds(db: Database, engine: PostingEngine): Promise<number> {
  const expired = await listExpiredHolds(db, HOLDS_PER_SWEEP);
  if (expired.length === 0) return 0;
  const outcomes = await engine.submitMany(
    expired.map((holdId) => operationOf(expireHoldOperation, { holdId }, { caller: "sweep" })),
    "independent",
  );
  return outcomes.filter(({ status }) => status === "posted").length;
}

/** Sweeps until stopped. A failed sweep goes to `report` and is retried at the next turn. */
export function startHoldSweep(
  db: Database,
  engine: PostingEngine,
  report: (error: unknown) => void,
): () => void {
  const timer = setInterval(() => {
    sweepExpiredHolds(db, engine).catch(report);
  }, PAUSE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
