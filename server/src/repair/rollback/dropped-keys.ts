/** The dropped keys from the journal: a rollback restores exactly those. */
import type { DirectClient } from "../connection/connection.ts";
import { journalExists, readEvents } from "../journal/journal-queries.ts";
import type { PlannedKey } from "../model/plan.ts";

export interface DroppedKeys {
  readonly runId: string;
  readonly at: string;
  /** The environment that the run was given. */
  readonly environment: string | undefined;
  readonly keys: readonly PlannedKey[];
}

/** The keys of this repair's last committed drop; undefined without a record. */
export async function findDroppedKeys(
  client: DirectClient,
  repairId: string,
): Promise<DroppedKeys | undefined> {
  if (!(await journalExists(client))) return undefined;
  const events = await readEvents(client);
  const started = new Map<string, Pick<DroppedKeys, "keys" | "environment">>();
  let found: DroppedKeys | undefined;
  for (const { runId, at, kind, body } of events) {
    const facts = JSON.parse(body) as {
      status?: string;
      repair?: { id: string };
      environment?: string;
      keys?: PlannedKey[];
      dropped?: unknown[];
    };
    if (kind === "run" && facts.repair?.id === repairId && facts.keys)
      started.set(runId, { keys: facts.keys, environment: facts.environment });
    const run = started.get(runId);
    if (kind === "step" && facts.dropped && run) found = { runId, at, ...run };
  }
  return found;
}
