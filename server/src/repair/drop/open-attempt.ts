/** The attempt of a run without a recorded end. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import type { Backend } from "./round.ts";
import { journalExists, readEvents } from "../journal/journal-queries.ts";
import { parseStoredJson } from "../model/stored-text.ts";

/** The backend of the last attempt, unless a step's outcome follows it in the journal. */
export async function findOpenAttempt(
  client: DirectClient,
  runId: string,
): Promise<Backend | undefined> {
  if (!(await journalExists(client))) return undefined;
  let open: Backend | undefined;
  for (const event of await readEvents(client)) {
    if (event.runId !== runId) continue;
    const facts = parseStoredJson(event.body) as Partial<Backend> & {
      step?: string;
      status?: string;
    };
    const { pid, backendStart, transactionId } = facts;
    if (event.kind === "attempt" && pid && backendStart && transactionId)
      open = { pid, backendStart, transactionId };
    if (event.kind === "step" && facts.step === "cut" && facts.status !== "intent")
      open = undefined;
  }
  return open;
}
