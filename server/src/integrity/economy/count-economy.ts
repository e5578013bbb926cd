/**
 * Keeps the statistics of the economy: counts the journal, range by range, up to a position that is stored with
 * the sums in one transaction. Postings neither read nor wait for any of it.
 */
import type { Database, Transaction } from "../../db/database.ts";
import { isTimedOut } from "../../db/sql-state.ts";
import { readJournalEnd } from "../../ledger/transfers/journal-end.ts";
import { addRange, addWallets, MOVE_WALLETS, NUMBERED, UNNUMBERED } from "./count-queries.ts";

interface Progress {
  readonly position: bigint;
  readonly historyId: string | null;
  readonly historyLine: number | null;
  readonly historyDone: boolean;
}

export interface CountedRange {
  readonly rows: number;
  /** Nothing is left that was final when the turn began. */
  readonly caughtUp: boolean;
}

/** A range is short; a plan gone wrong ends here and is tried again with a smaller one. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** Wallets that moved wait until the count has come so near to the journal's end. */
const MOVED_BEHIND_MAX = 100_000n;
/** Below every uuid. */
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** Counts at most this many rows. While another server counts, it does nothing. */
export async function countRange(db: Database, rowsMax: number): Promise<CountedRange> {
  const end = await readJournalEnd(db);
  if (!end) return { rows: 0, caughtUp: true };
  const counted = await db.transaction(
    async (tx) => {
      const [progress] = await tx.query<Progress>(
        `select position, history_id as "historyId", history_line as "historyLine",
            history_done as "historyDone"
          from newday.economy_progress for update skip locked`,
      );
      if (!progress) return { rows: 0, caughtUp: true };
      // A sequential scan of the journal is never right here, whatever the statistics say of its newest rows.
      await tx.query("set local enable_seqscan = off");
      return progress.historyDone
        ? countNumbered(tx, progress, { ...end, rowsMax })
        : countHistory(tx, progress, rowsMax);
    },
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
  return counted;
}

interface Added {
  readonly rows: bigint;
  readonly recordedAt: Date | null;
  readonly last: { readonly id: string; readonly line: number } | null;
}

async function add(tx: Transaction, chunk: string, values: readonly unknown[]): Promise<Added> {
  await tx.query(addWallets(chunk), values);
  const [added] = await tx.query<Added>(addRange(chunk), values);
  if (!added) throw new Error("a range without a count");
  return added;
}

async function countNumbered(
  tx: Transaction,
  { position }: Progress,
  { sequence, at, rowsMax }: { sequence: bigint; at: Date; rowsMax: number },
): Promise<CountedRange> {
  // The end was read before the row was locked: another server may have gone further.
  const reached = sequence > position ? sequence : position;
  const through = reached - position > BigInt(rowsMax) ? position + BigInt(rowsMax) : reached;
  // It reads every row behind the position: during a recount these are all rows there are.
  if (sequence - position <= MOVED_BEHIND_MAX) await tx.query(MOVE_WALLETS, [position]);
  if (through === position) {
    if (sequence === position) await storePosition(tx, { through, asOf: at });
    return { rows: 0, caughtUp: true };
  }
  const { rows, recordedAt } = await add(tx, NUMBERED, [position, through]);
  await storePosition(tx, { through, asOf: through === sequence ? at : recordedAt });
  return { rows: Number(rows), caughtUp: through === sequence };
}

async function countHistory(
  tx: Transaction,
  { historyId, historyLine }: Progress,
  rowsMax: number,
): Promise<CountedRange> {
  const { rows, last } = await add(tx, UNNUMBERED, [
    historyId ?? NO_ID,
    historyLine ?? -1,
    rowsMax,
  ]);
  await tx.query(
    `update newday.economy_progress set history_id = coalesce($1, history_id),
        history_line = coalesce($2, history_line), history_done = $3`,
    [last?.id ?? null, last?.line ?? null, rows < BigInt(rowsMax)],
  );
  return { rows: Number(rows), caughtUp: false };
}

function storePosition(
  tx: Transaction,
  { through, asOf }: { through: bigint; asOf: Date | null },
): Promise<object[]> {
  return tx.query(
    `update newday.economy_progress
      set position = $1, as_of = greatest(as_of, coalesce($2::timestamptz, as_of))`,
    [through, asOf?.toISOString() ?? null],
  );
}

/** Counts until nothing is left; a range that takes too long is halved. */
export async function countAll(db: Database, rowsMax = 20_000): Promise<void> {
  for (let rows = rowsMax; ;) {
    try {
      const { caughtUp } = await countRange(db, rows);
      if (caughtUp) return;
    } catch (error) {
      if (!isTimedOut(error) || rows < 2) throw error;
      rows = Math.trunc(rows / 2);
    }
  }
}

/**
 * Deletes every sum, so that the next turns count the journal from its beginning. Without a limit of time: there is
 * a row for each wallet.
 */
export async function resetEconomy(db: Database): Promise<void> {
  await db.transaction(deleteSums, { statementTimeoutMs: 0 });
}

async function deleteSums(tx: Transaction): Promise<void> {
  await tx.query("select from newday.economy_progress for update");
  for (const table of [
    "wallets",
    "moved_wallets",
    "totals",
    "days",
    "balances",
    "prices",
    "top_holders",
  ])
    await tx.query(`delete from newday.economy_${table}`);
  await tx.query(
    `update newday.economy_progress set position = 0, history_id = null, history_line = null,
        history_done = not has_history, as_of = 'epoch'`,
  );
}
