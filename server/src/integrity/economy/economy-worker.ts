/**
 * Counts the economy behind the postings, a small part of the time: a turn ends when its share is used up. One
 * server of a database does it.
 */
import { randomUUID } from "node:crypto";
import type { Database } from "../../db/database.ts";
import { repeat, type RepeatedWork } from "../../lib/repeat.ts";
import { endLease, holdLease } from "../journal/work-lease.ts";
import { countRange } from "./count-economy.ts";
import { createHolderSweep } from "./top-holders.ts";

const LEASE = "economy";
const PAUSE_MS = 1_000;
/** Of each second: little beside postings, half of it while there are none. */
const BUSY_SHARE_MS = 30;
const IDLE_SHARE_MS = 500;
/** A range takes about this long. */
const RANGE_MS = 25;
const ROWS = { first: 500, min: 50, max: 20_000 } as const;
/** Fewer operations since the last turn are no load. */
const IDLE_OPERATIONS = 20;
/** Summaries of the journal's index, and the begin of the next sweep over the accounts. */
const SUMMARIZE_EVERY_TURNS = 60;
const SWEEP_EVERY_TURNS = 60;

export interface EconomyLoad {
  /** Operations that this process has answered so far. */
  readonly operations: () => number;
}

export function startEconomyWorker(
  db: Database,
  { operations }: EconomyLoad,
  report: (error: unknown) => void,
): RepeatedWork {
  const holder = randomUUID();
  const sweep = createHolderSweep(db);
  let [rows, answered, turn, sweeping]: [number, number, number, boolean] = [
    ROWS.first,
    0,
    0,
    true,
  ];

  async function takeTurn(): Promise<void> {
    if (!(await holdLease(db, LEASE, holder))) return;
    const total = operations();
    const share = total - answered < IDLE_OPERATIONS ? IDLE_SHARE_MS : BUSY_SHARE_MS;
    answered = total;
    turn += 1;
    if (turn % SUMMARIZE_EVERY_TURNS === 0) await db.query("select newday.summarize_journal()");
    if (turn % SWEEP_EVERY_TURNS === 0) sweeping = true;
    const until = performance.now() + share;
    while (performance.now() < until && !(await count())) continue;
    while (performance.now() < until && sweeping) sweeping = !(await sweep.step(rows));
  }

  /** Counts one range, and fits the size of the next one. */
  async function count(): Promise<boolean> {
    const started = performance.now();
    const size = rows;
    // For a range that fails, too: the same one would end at the same limit of time again.
    const fit = (took: number) =>
      Math.min(ROWS.max, Math.max(ROWS.min, Math.round((size * RANGE_MS) / took)));
    rows = ROWS.min;
    const counted = await countRange(db, size);
    rows = counted.rows > 0 ? fit(performance.now() - started) : size;
    return counted.caughtUp;
  }

  const work = repeat(takeTurn, PAUSE_MS, report);
  return {
    async stop() {
      await work.stop();
      await endLease(db, LEASE, holder).catch(report);
    },
  };
}
