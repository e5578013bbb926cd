/**
 * Takes a database that migration 1 has just created the whole way: repair, then adoption. One with
 * rows is left to its operator, who runs `newday repair` and `newday adopt`.
 */
import { ADOPTION_PARTS } from "./adoption-parts.ts";
import { adoptionState } from "../db/adoption-state.ts";
import type { Database } from "../db/database.ts";
import type { ConnectionTarget } from "../db/driver/direct-client.ts";
import type { PostingEngine } from "../engine/operation.ts";
import { repairOwnDatabase } from "../repair/apply/own-database.ts";
import { adopt, ADOPTION_BATCH_SIZE, ADOPTION_HOLD_MS } from "./adopt.ts";

/**
 * Call it at every start, after the migrations; on an adopted database it is one query. Errors:
 * those of `repairOwnDatabase` and `adopt`.
 */
export async function prepareOwnDatabase(
  db: Database,
  engine: PostingEngine,
  { connection, tool }: { connection: ConnectionTarget; tool: string },
): Promise<void> {
  if ((await adoptionState(db)) === "adopted") return;
  const { outcome } = await repairOwnDatabase(connection, tool);
  if (outcome === "not-ours") return;
  const progress = () => undefined; // nothing to adopt yet
  const limits = { batchSize: ADOPTION_BATCH_SIZE, holdMs: ADOPTION_HOLD_MS };
  await adopt({ db, engine, ...limits, progress }, ADOPTION_PARTS);
}
