/**
 * Posts one batch on one connection: read, decide, write, commit.
 *
 * First without locks: rows are read, the decision is made, and the write checks every revision. If
 * a row had moved, or a transfer id existed already, nothing was written, and the batch is posted
 * again with its rows locked in sorted order and its ids looked up.
 */
import type { Connection, Queryable, Transaction } from "../../db/database.ts";
import { insertTransfers, readOutcomes } from "../transfer-rows.ts";
import { decideBatch, type DecidedBatch, type KnownOutcome, type Unit } from "./decide-batch.ts";
import type { OperationKind } from "./operation.ts";
import { readInto } from "./prefetch.ts";
import type { Registry } from "./registry.ts";
import type { BoundStatement, Touch } from "./resource.ts";
import { WorkingSet } from "./working-set.ts";

/** A decision needs one more read for each step of discovery; more than this is a loop. */
const MAX_DISCOVERY_STEPS = 8;

export interface PostedBatch {
  readonly decided: DecidedBatch;
  /** The time of what was written; for a batch that wrote nothing, the time of reading. */
  readonly recordedAt: Date;
}

interface ReadOptions {
  readonly registry: Registry;
  readonly lock: boolean;
  readonly stored: ReadonlyMap<string, KnownOutcome>;
}

/** The rows that the kinds of the units' operations announce. */
export function* touchesOf(registry: Registry, units: readonly Unit[]): Generator<Touch> {
  for (const { operations } of units)
    for (const { operation } of operations) {
      const kind = registry.kind(operation.kind) as unknown as OperationKind;
      yield* kind.touches(operation.payload);
    }
}

/** Reads what the units touch, and what their decisions discover, and decides. */
export async function readAndDecide(
  db: Queryable,
  units: readonly Unit[],
  options: ReadOptions,
): Promise<{ decided: DecidedBatch; rows: WorkingSet; now: Date }> {
  const rows = new WorkingSet();
  let wanted: Iterable<Touch> = touchesOf(options.registry, units);
  for (let step = 0; step < MAX_DISCOVERY_STEPS; step += 1) {
    const [clock] = await Promise.all([readClock(db), readInto(db, rows, wanted, options)]);
    const input = { rows, stored: options.stored, now: clock };
    const decided = decideBatch(options.registry, units, input);
    if (!("missing" in decided)) return { decided, rows, now: clock };
    wanted = decided.missing;
  }
  throw new Error("operations kept asking for more rows");
}

/**
 * The fast path. Rejects with SQLSTATE ND001 or 23505 when the batch has to go again with locks;
 * then nothing was written.
 */
export async function postOptimistically(
  connection: Connection,
  registry: Registry,
  units: readonly Unit[],
): Promise<PostedBatch> {
  const options = { registry, lock: false, stored: new Map<string, KnownOutcome>() };
  const { decided, rows, now } = await readAndDecide(connection, units, options);
  const statements = writesOf(registry, decided, rows);
  if (statements.length === 0) return { decided, recordedAt: now };
  const answers = await pipeline(connection, [BEGIN, ...statements, COMMIT]);
  return { decided, recordedAt: timeIn(answers) ?? now };
}

/** The careful path: lock, then look, decide, write, in one transaction. */
export async function postLocked(
  connection: Connection,
  registry: Registry,
  units: readonly Unit[],
): Promise<PostedBatch> {
  return connection.transaction(async (tx) => {
    // Locked before they are read for good: a row read while waiting may be an old version of it.
    await readInto(tx, new WorkingSet(), touchesOf(registry, units), { registry, lock: true });
    const stored = await readOutcomes(tx, transferIds(units));
    const { decided, rows, now } = await readAndDecide(tx, units, { registry, lock: true, stored });
    const statements = writesOf(registry, decided, rows);
    const answers = await pipeline(tx, statements);
    return { decided, recordedAt: timeIn(answers) ?? now };
  });
}

function transferIds(units: readonly Unit[]): string[] {
  return units.flatMap(({ operations }) => operations.map(({ transferId }) => transferId));
}

async function readClock(db: Queryable): Promise<Date> {
  const [row] = await db.query<{ now: Date }>({
    name: "ledger_clock",
    text: "select statement_timestamp() as now",
  });
  return row?.now ?? new Date();
}

const BEGIN: BoundStatement = { statement: { name: "ledger_begin", text: "begin" }, values: [] };
const COMMIT: BoundStatement = { statement: { name: "ledger_commit", text: "commit" }, values: [] };

/** Accounts and other rows first, in the registry's order, then transfers: the locking order. */
function writesOf(registry: Registry, decided: DecidedBatch, rows: WorkingSet): BoundStatement[] {
  const statements = registry.resources.flatMap((resource) => {
    const changes = rows.changes(resource);
    return changes.length > 0 ? resource.write(changes as never) : [];
  });
  if (decided.fresh.length > 0) statements.push(insertTransfers(decided.fresh));
  return statements;
}

/** Sends all statements in one packet; rejects with the first failure once all have answered. */
async function pipeline(
  db: Queryable | Transaction,
  statements: readonly BoundStatement[],
): Promise<object[][]> {
  const answers = await Promise.allSettled(
    statements.map(({ statement, values }) => db.query<object>(statement, values)),
  );
  return answers.map((answer) => {
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  });
}

function timeIn(answers: readonly object[][]): Date | undefined {
  for (const [row] of answers)
    if (row && "recordedAt" in row && row.recordedAt instanceof Date) return row.recordedAt;
  return undefined;
}
