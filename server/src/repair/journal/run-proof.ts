/** How the proof of a run was planned, from the journal: later verifications make it the same way. */
import type { Queryable } from "../../db/database.ts";
import type { PlannedProof } from "../model/plan.ts";
import { parseStoredJson } from "../model/stored-text.ts";
import { isInScope, type RunScope } from "./dropped-keys.ts";
import { journalExists, readEvents } from "./journal-queries.ts";

/** Of the newest run in this scope; undefined without a run, and for a run of an older release. */
export async function findRunProof(
  db: Queryable,
  scope: RunScope,
): Promise<PlannedProof | undefined> {
  if (!(await journalExists(db))) return undefined;
  let proof: PlannedProof | undefined;
  for (const { kind, body } of await readEvents(db)) {
    if (kind !== "run") continue;
    const facts = parseStoredJson(body) as Parameters<typeof isInScope>[0] & {
      readonly status?: string;
      readonly proof?: PlannedProof;
    };
    if (facts.status === "started" && isInScope(facts, scope)) proof = facts.proof;
  }
  return proof;
}
