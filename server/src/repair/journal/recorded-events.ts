/** The rows of the runs: the database's journal, else the file beside the tool. */
import { join } from "node:path";
import type { Queryable } from "../../db/database.ts";
import { readAccess, readEvents, type EventRow } from "./journal-queries.ts";
import { isLocalJournalIntact, readLocalJournal } from "./local-journal.ts";

const LOCAL_JOURNAL = "repair-journal.jsonl";

/** The local journal of runs with this `--backup-dir`. */
export function localJournalPath(backupDir: string): string {
  return join(backupDir, LOCAL_JOURNAL);
}

/**
 * Oldest first. A role that may not keep a journal in the database has written a file only; one that
 * may not read the database's journal reads the file as well, where a folder is named. Throws
 * `repair_refused` for a journal out of reach.
 */
export async function readRecordedEvents(db: Queryable, backupDir?: string): Promise<EventRow[]> {
  const access = await readAccess(db);
  if (access && (access.mayRead || backupDir === undefined)) return readEvents(db);
  return backupDir === undefined ? [] : localEvents(localJournalPath(backupDir));
}

function localEvents(path: string): EventRow[] {
  const records = readLocalJournal(path);
  const intact = isLocalJournalIntact(records);
  return records.map(({ runId, at, kind, body, hash }, index) => ({
    seq: index + 1,
    runId,
    at,
    kind,
    body,
    hash,
    intact,
  }));
}
