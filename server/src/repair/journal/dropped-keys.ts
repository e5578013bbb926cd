/** The keys that a run dropped, from the journal: a rollback restores exactly these. */
import type { Queryable } from "../../db/database.ts";
import type { PlannedKey } from "../model/plan.ts";
import { journalExists, readEvents } from "./journal-queries.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export interface DroppedKeys {
  readonly runId: string;
  readonly at: string;
  /** The environment that the run was told. */
  readonly environment: string | undefined;
  readonly keys: readonly PlannedKey[];
}

/** A journal holds the runs of every repair and of every schema of its database. */
export interface RunScope {
  readonly repairId: string;
  /** Undefined takes every schema. */
  readonly schema: string | undefined;
}

interface StartFacts {
  readonly repair?: { readonly id?: string };
  readonly environment?: string;
  readonly target?: { readonly schema?: string };
  readonly keys?: readonly PlannedKey[];
}

/** The server repairs its own database without a target; its tables are in this schema. */
const OWN_TABLES_SCHEMA = "public";

/** True for the facts of a run's first row that are of this repair and this schema. */
export function isInScope({ repair, target }: StartFacts, { repairId, schema }: RunScope): boolean {
  if (repair?.id !== repairId) return false;
  return schema === undefined || (target?.schema ?? OWN_TABLES_SCHEMA) === schema;
}

/** The keys of the last committed drop in this scope; undefined when the journal holds none. */
export async function findDroppedKeys(
  db: Queryable,
  scope: RunScope,
): Promise<DroppedKeys | undefined> {
  if (!(await journalExists(db))) return undefined;
  const started = new Map<string, Pick<DroppedKeys, "keys" | "environment">>();
  let found: DroppedKeys | undefined;
  for (const { runId, at, kind, body } of await readEvents(db)) {
    const facts = parseStoredJson(body) as StartFacts & { dropped?: unknown[] };
    if (kind === "run" && facts.keys && isInScope(facts, scope))
      started.set(runId, { keys: facts.keys, environment: facts.environment });
    const run = started.get(runId);
    if (kind === "step" && facts.dropped && run) found = { runId, at, ...run };
  }
  return found;
}
