/** The background sweep of expired holds. It tidies rows; expiry is exact by itself. */
import { operationOf } from "../../engine/operation-type.ts";
import { repeat, type RepeatedWork } from "../../lib/repeat.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { listExpiredHolds } from "./hold-queries.ts";
import { expireHoldOperation } from "./hold-operation.ts";

/** One batch of the engine. */
const HOLDS_PER_SWEEP = 500;
const PAUSE_MS = 15_000;

/** Marks up to one batch of expired holds; returns how many. Several processes may sweep at once. */
export async function sweepExpiredHolds({
  db,
  engine,
}: Pick<PostingServices, "db" | "engine">): Promise<number> {
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
  services: PostingServices,
  report: (error: unknown) => void,
): RepeatedWork {
  return repeat(() => sweepExpiredHolds(services), PAUSE_MS, report);
}
