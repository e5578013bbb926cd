/**
 * Takes the keys of a rollback away again, when an orphan came between the count and the locks, or
 * cannot be moved: "refused" then means that the database is as it was.
 */
import {
  quoteLiteral,
  type ConnectionTarget,
  type DirectClient,
} from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError, type NewDayError } from "../../errors/errors.ts";
import { wordsOf } from "../../errors/operator-words.ts";
import { refusal } from "../../errors/refusals.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { readServer } from "../catalogue/server-queries.ts";
import { withRepairConnection } from "../connection/connection.ts";
import { runCriticalSection } from "../drop/critical-section.ts";
import { HOLD_MS, lockedBatchSql, REMAINING_WAIT } from "../drop/locked-batch.ts";
import type { LockedWork } from "../drop/locked-work.ts";
import { appendSql } from "../journal/journal-queries.ts";
import type { Journal } from "../journal/journal.ts";
import { errorMembers } from "../journal/step.ts";
import type { Emit } from "../model/events.ts";
import { readKeyEnds } from "./rollback-queries.ts";

export interface AddedKey {
  /** Qualified and quoted. */
  readonly table: string;
  readonly name: string;
}

export interface Withdrawal {
  readonly target: ConnectionTarget;
  readonly client: DirectClient;
  readonly journal: Journal;
  readonly emit: Emit;
  readonly option: string;
  readonly budgetMs: number;
  readonly added: readonly AddedKey[];
}

/**
 * Drops the keys like a repair does, and journals the refusal in that very transaction. Returns the
 * error to throw: `rollback_refused`, or `repair_incomplete` when the keys could not be dropped.
 */
export async function withdrawKeys(
  withdrawal: Withdrawal,
  obstacle: unknown,
): Promise<NewDayError> {
  const { client, target, emit, journal, added, budgetMs } = withdrawal;
  const words = wordsOf(obstacle);
  const details = { sqlState: sqlStateOf(obstacle), withdrawn: added.map(({ name }) => name) };
  const refused = refusal("rollback_withdrawn", { words }, { details, cause: obstacle });
  emit(
    "warning",
    {
      en: `an external user is in the way after all (${words}); the keys are withdrawn`,
      zh: `仍有外部用户阻碍（${words}）；正在撤回外键`,
    },
    { sqlState: sqlStateOf(obstacle) },
  );
  try {
    const work = await withdrawWork(withdrawal, refused);
    await withRepairConnection(target, "watch", (side) =>
      runCriticalSection({ client, side, work, journal, emit, budgetMs }),
    );
  } catch (cause) {
    const key = added.map(({ name }) => name).join(", ");
    if (!isNewDayError(cause) && sqlStateOf(cause) === undefined) throw cause;
    return refusal(
      "rollback_not_validated",
      { key, words: `${words}; ${wordsOf(cause)}` },
      { details: { key, sqlState: sqlStateOf(obstacle) }, cause },
    );
  }
  return refused;
}

async function withdrawWork(
  { client, journal, option, added }: Withdrawal,
  refused: NewDayError,
): Promise<LockedWork> {
  const { deadlockTimeoutMs, versionNumber } = await readServer(client);
  const locks = await readKeyEnds(client, added);
  const input = {
    run: journal.runId,
    journal: journal.inDatabase,
    keys: added,
    row: { option, status: "refused", ...errorMembers(refused) },
  };
  return {
    mode: "access exclusive",
    locks,
    deadlockTimeoutMs,
    versionNumber,
    holdMs: HOLD_MS,
    batchSql: (step) =>
      lockedBatchSql({
        mode: "access exclusive",
        locks,
        step,
        holdMs: HOLD_MS,
        workSql: (waitMs) => {
          const json = quoteLiteral(JSON.stringify({ ...input, wait: waitMs }));
          return `do ${quoteLiteral(WITHDRAW_BODY.replace("$INPUT$", () => json))}`;
        },
      }),
  };
}

const WITHDRAW_BODY = `
declare
  input constant jsonb := $INPUT$;
  deadline constant timestamptz :=
    clock_timestamp() + make_interval(secs => (input ->> 'wait')::float8 / 1000);
  item record;
begin
  for item in select k.* from jsonb_to_recordset(input -> 'keys') as k("table" text, name text) loop
    ${REMAINING_WAIT}
    -- Event triggers are the clients' code: they may use bare names.
    perform ${clientPathSql('item."table"')};
    execute format('alter table %s drop constraint %I', item."table", item.name);
    set local search_path = '';
  end loop;
  if (input ->> 'journal')::boolean then
    ${appendSql("(input ->> 'run')", "'rollback'", "(input -> 'row')::text")};
  end if;
end
`;
