/**
 * The end of the journal that background work may read up to.
 *
 * The sequence numbers rows at their insert, so a smaller number may commit after a larger one. As CREATE INDEX
 * CONCURRENTLY does, the reader lists the transactions that hold the writer's lock on the table, and waits for
 * their end: each number that was taken before the list is then visible or gone for ever.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "../../db/database.ts";

export interface JournalEnd {
  /** Every row up to this number is final. */
  readonly sequence: bigint;
  /** The database's clock when the number was read. */
  readonly at: Date;
}

const READ_SEQUENCE = {
  name: "journal_sequence",
  text: `select case when is_called then last_value else 0 end as sequence, clock_timestamp() as at
    from newday.transfer_sequence`,
};

const LIST_WRITERS = {
  name: "journal_writers",
  text: `select virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'newday.transfers'::regclass and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())`,
};

/** A batch takes milliseconds; the pool answers a few such queries a turn. */
const POLL_MS = 20;
const POLLS_MAX = 25;

/** Undefined while a writer of that moment goes on; the next turn asks again. */
export async function readJournalEnd(db: Queryable): Promise<JournalEnd | undefined> {
  const [end] = await db.query<JournalEnd>(READ_SEQUENCE);
  if (!end) throw new Error("a sequence without a row");
  const before = await listWriters(db);
  for (let polls = 0; before.size > 0; polls += 1) {
    if (polls === POLLS_MAX) return undefined;
    await sleep(POLL_MS);
    const writers = await listWriters(db);
    for (const writer of before) if (!writers.has(writer)) before.delete(writer);
  }
  return end;
}

async function listWriters(db: Queryable): Promise<Set<string>> {
  const rows = await db.query<{ writer: string }>(LIST_WRITERS);
  return new Set(rows.map(({ writer }) => writer));
}
