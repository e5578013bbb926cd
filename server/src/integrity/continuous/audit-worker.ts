/**
 * The continuous audit, a small part of the time: a turn is followed by a rest that its own length decides, pages
 * keep to a size that takes milliseconds, and one server of a database does it.
 */
import { randomUUID } from "node:crypto";
import { repeat, type RepeatedWork } from "../../lib/repeat.ts";
import { endLease, holdLease } from "../journal/work-lease.ts";
import { planTurn } from "./advance-audit.ts";
import { findOpenRun } from "./audit-store.ts";
import { stepRun } from "./audit-run.ts";
import type { FindingServices } from "./freeze-finding.ts";

export const AUDIT_LEASE = "audit";
const PAUSE_MS = 1_000;
/** A turn's length, and the part of the time that turns and rests give to the audit. */
const BESIDE_POSTINGS = { turnMs: 20, share: 0.02 } as const;
/** While there are none, and while a person waits for a run. */
const UNHURRIED = { turnMs: 300, share: 0.3 } as const;
/** Fewer operations since the last turn are no load. */
const IDLE_OPERATIONS = 20;
/** A page takes about this long. */
const PAGE_MS = 15;
const ROWS = { first: 200, min: 20, max: 5_000 } as const;
/** Between two complete readings of an invariant. */
const PASS_PAUSE_MS = 600_000;

export function startAuditWorker(
  services: FindingServices,
  report: (error: unknown) => void,
): RepeatedWork {
  const { db, engine } = services;
  const holder = randomUUID();
  let [rows, answered]: [number, number] = [ROWS.first, 0];
  let restsUntil = 0;

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    const fitting = Math.round((rows * PAGE_MS) / (performance.now() - started));
    // A page of a few rows says little of a full one.
    rows = Math.min(ROWS.max, Math.max(ROWS.min, Math.min(fitting, rows * 2)));
    return result;
  }

  async function takeTurn(): Promise<void> {
    if (!(await holdLease(db, AUDIT_LEASE, holder))) return;
    const started = performance.now();
    if (started < restsUntil) return;
    const pace = wasIdle() || (await findOpenRun(db)) ? UNHURRIED : BESIDE_POSTINGS;
    await readPages(started + pace.turnMs);
    // A last page may outlast the turn by far, where its rows are not in memory.
    restsUntil = started + (performance.now() - started) / pace.share;
  }

  function wasIdle(): boolean {
    const { operations } = engine.counters();
    const since = operations - answered;
    answered = operations;
    return since < IDLE_OPERATIONS;
  }

  async function readPages(until: number): Promise<void> {
    const turn = await planTurn(services, { now: new Date(), pauseMs: PASS_PAUSE_MS });
    while (performance.now() < until) {
      const run = await findOpenRun(db);
      if (run) await timed(() => stepRun(services, run, rows));
      else if (!(await timed(() => turn.step(rows)))) return;
    }
  }

  const work = repeat(takeTurn, PAUSE_MS, report);
  return {
    async stop() {
      await work.stop();
      await endLease(db, AUDIT_LEASE, holder).catch(report);
    },
  };
}
