/**
 * The continuous audit, a small part of the time: a turn ends when its share is used up, pages keep to a size that
 * takes milliseconds, and one server of a database does it.
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
/** Of each second: about two hundredths beside postings, a third while there are none. */
const BUSY_SHARE_MS = 20;
const IDLE_SHARE_MS = 300;
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
    const { operations } = engine.counters();
    const isIdle = operations - answered < IDLE_OPERATIONS;
    answered = operations;
    const until = performance.now() + (isIdle ? IDLE_SHARE_MS : BUSY_SHARE_MS);
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
