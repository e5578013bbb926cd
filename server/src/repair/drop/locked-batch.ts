/**
 * The message of one attempt: takes the locks, does the work under them, commits.
 *
 * Locks and work are two statements, because `statement_timeout` counts for each anew: the time
 * *under* the locks has a bound of its own, however long the locks took and whatever the triggers
 * of the tables do.
 */
import { quoteLiteral } from "../../db/driver/direct-client.ts";
import type { PlannedLock } from "../model/plan.ts";
import { POLL_PAUSE_MS, type BackoffStep } from "./lock-timeout-backoff.ts";
import type { ExclusiveMode } from "./locked-work.ts";

/**
 * Longest time under the exclusive locks. The work takes milliseconds; triggers and event triggers
 * of the tables run inside it and could take any time.
 */
export const HOLD_MS = 1_000;

export interface LockedBatch {
  readonly mode: ExclusiveMode;
  readonly locks: readonly PlannedLock[];
  readonly step: BackoffStep;
  readonly holdMs: number;
  /** Gets the part of the step's wait that is left for locks which only the work itself can take. */
  readonly workSql: (waitMs: number) => string;
}

/** On success the transaction is committed. */
export function lockedBatchSql({ mode, locks, step, holdMs, workSql }: LockedBatch): string {
  const lockable = locks.filter(({ mayLock }) => mayLock);
  // A table that the role may not lock by name is locked by the work: half of the wait is for it.
  const lockWaitMs = lockable.length === locks.length ? step.waitMs : step.waitMs / 2;
  const oids = lockable.map(({ oid }) => oid);
  return [
    takeLocksSql(mode, oids, { ...step, waitMs: lockWaitMs }),
    `set local statement_timeout = ${holdMs}`,
    workSql(step.waitMs - lockWaitMs),
    "commit",
  ].join(";\n");
}

function takeLocksSql(mode: ExclusiveMode, oids: readonly number[], step: BackoffStep) {
  const body = LOCK_BODY.replace("$INPUT$", () =>
    quoteLiteral(JSON.stringify({ locks: oids, wait: step.waitMs, poll: step.pollMs })),
  ).replace("$MODE$", () => mode);
  return `do ${quoteLiteral(body)}`;
}

/** Gives the rest of the attempt's wait to the next lock. */
export const REMAINING_WAIT = `perform set_config('lock_timeout', greatest(1, ceil(
      extract(epoch from deadline - clock_timestamp()) * 1000)::int)::text, true);`;

/**
 * Polling happens on the server: a distant operator's connection would make the pauses longer. A
 * failed poll gives back all locks that it got, and never stands in a queue.
 */
const LOCK_BODY = `
declare
  input constant jsonb := $INPUT$;
  polite constant boolean := (input ->> 'wait')::float8 > 0;
  -- lock_timeout counts for each lock anew; only the rest of our wait may go to the next one.
  deadline constant timestamptz := clock_timestamp()
    + make_interval(secs => (input ->> case when polite then 'wait' else 'poll' end)::float8 / 1000);
  item record;
begin
  loop
    begin
      for item in select v::oid::regclass as name from jsonb_array_elements_text(input -> 'locks')
                         with ordinality as l(v, pos) order by l.pos loop
        ${REMAINING_WAIT}
        execute format('lock table only %s in $MODE$ mode%s', item.name, case when polite then '' else ' nowait' end);
      end loop;
      return;
    exception when lock_not_available then
      if polite or clock_timestamp() >= deadline then raise; end if;
    end;
    perform pg_sleep((0.5 + random()) * ${POLL_PAUSE_MS} / 1000);
  end loop;
end
`;
