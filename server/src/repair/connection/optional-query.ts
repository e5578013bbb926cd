/**
 * Queries that a provider may refuse: managed servers revoke functions and views of pg_catalog.
 *
 * A refused query yields an unknown answer, which the plan lists (W11). A savepoint keeps the
 * surrounding transaction usable.
 */
import type { Queryable } from "../../db/database.ts";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import { wordsOf } from "../../errors/operator-words.ts";
import type { Message } from "../../lib/messages.ts";

export interface RefusedQuery {
  /** The unknown fact. */
  readonly subject: Message;
  /** The server's message; it names the function or the view. */
  readonly words: string;
}

interface Connection extends Queryable {
  /** Missing on a pool, which gives each query a transaction of its own. */
  isInTransaction?(): boolean;
}

const SAVEPOINT = "optional_query";

/** The refused queries of each connection, once per message. */
const refusedQueries = new WeakMap<Queryable, Map<string, RefusedQuery>>();

/** Returns true when the role or the provider may not run the query. */
export function isQueryRefused(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SQL_STATE.insufficientPrivilege || state === SQL_STATE.featureNotSupported;
}

/** Runs `work`; returns `unknown` when the server refuses it. Throws every other error. */
export async function queryIfAllowed<T, U>(
  db: Connection,
  subject: Message,
  unknown: U,
  work: () => Promise<T>,
): Promise<T | U> {
  const isNested = db.isInTransaction?.() ?? false;
  if (isNested) await db.query(`savepoint ${SAVEPOINT}`);
  try {
    const result = await work();
    if (isNested) await db.query(`release savepoint ${SAVEPOINT}`);
    return result;
  } catch (error) {
    if (!isQueryRefused(error)) throw error;
    if (isNested) await db.query(`rollback to savepoint ${SAVEPOINT}`);
    noteRefusal(db, { subject, words: wordsOf(error) });
    return unknown;
  }
}

function noteRefusal(db: Queryable, refused: RefusedQuery): void {
  const known = refusedQueries.get(db) ?? new Map<string, RefusedQuery>();
  known.set(`${refused.subject.en}: ${refused.words}`, refused);
  refusedQueries.set(db, known);
}

/** The queries that this connection was refused so far. */
export function listRefusedQueries(db: Queryable): RefusedQuery[] {
  return [...(refusedQueries.get(db)?.values() ?? [])];
}
