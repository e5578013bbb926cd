/**
 * The journal of a run: local first, then the database. It records intent, observation and author;
 * the catalogue decides the state.
 */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { tablesOf } from "../model/definition.ts";
import { knownRepairs } from "../model/repairs.ts";
import { toStoredJson } from "../model/stored-text.ts";
import {
  appendEvent,
  createJournalSql,
  findOwnersWithoutJournal,
  grantJournalSql,
  journalRights,
  readAccess,
} from "./journal-queries.ts";
import type { LocalJournal } from "./local-journal.ts";

/** The kinds of row. `step` rows carry `{step, status, ...}`; the others are facts on the way. */
export type JournalKind =
  | "run"
  | "step"
  | "attempt"
  | "artefact"
  | "finding"
  | "rollback"
  | "unblock"
  | "control"
  | "outbox";

export interface Journal {
  readonly runId: string;
  /** False when the role may not create the schema: the local file is then the only record. */
  readonly inDatabase: boolean;
  append(kind: JournalKind, body: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface JournalOptions {
  readonly runId: string;
  readonly client: DirectClient;
  readonly local: LocalJournal | undefined;
}

/**
 * Opens the journal, creating its table if the role may. Only changing commands call it: a plan
 * must leave no trace.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const inDatabase = await ensureTable(options.client);
  const holdsEverything = await isUnicode(options.client);
  return {
    runId: options.runId,
    inDatabase,
    async append(kind, body) {
      const text = toStoredJson(body);
      options.local?.append(options.runId, kind, text);
      const stored = holdsEverything ? text : escaped(text);
      if (inDatabase) await appendEvent(options.client, options.runId, kind, stored);
    },
  };
}

async function isUnicode(client: DirectClient): Promise<boolean> {
  const [row] = await client.query<{ encoding: string }>(
    "select current_setting('server_encoding') as encoding",
  );
  return row?.encoding === "UTF8";
}

/** The same JSON in ASCII: a database in Latin 1 or EUC lacks some of our characters. */
function escaped(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Event triggers run with our DDL and may use bare names. A null value resets the path to the
 * session's default; our own statements are qualified.
 */
const CLIENT_PATH = "select set_config('search_path', null, true);";

/** A missing right leaves the local journal, and the run says so. */
async function ensureTable(client: DirectClient): Promise<boolean> {
  const access = await readAccess(client);
  if (access?.mayGrant) await shareWithOwners(client);
  if (access) return access.mayWrite;
  if (!(await journalRights(client)).mayKeep) return false;
  const [row] = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  await client.script(`begin; ${CLIENT_PATH} ${createJournalSql(row?.version ?? 0)} commit`);
  await shareWithOwners(client);
  return true;
}

/**
 * A run that one person began must be open to the next: every role that may alter the tables is a
 * member of their owner, so the owner gets the journal.
 */
async function shareWithOwners(client: DirectClient): Promise<void> {
  const names = [...new Set(knownRepairs().flatMap(tablesOf))];
  for (const owner of await findOwnersWithoutJournal(client, names))
    await client.script(`begin; ${CLIENT_PATH} ${grantJournalSql(owner)} commit`);
}
