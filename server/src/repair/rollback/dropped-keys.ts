/** What was dropped, remembered by the journal: a rollback puts back what was there, not a guess. */
import type { DirectClient } from "../connection/connection.ts";
import { journalExists, readEvents } from "../journal/journal-queries.ts";
import type { PlannedKey } from "../model/plan.ts";

export interface DroppedKeys {
  readonly runId: string;
  readonly at: string;
  /** The environment that the run was told. */
  readonly environment: string | undefined;
  readonly keys: readonly PlannedKey[];
}

/** The keys of the last committed cut of this repair; undefined when the journal knows of none. */
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
