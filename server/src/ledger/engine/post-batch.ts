/**
 * Posts one batch on one connection: read, decide, write, commit.
 *
 * First without locks: rows are recalled or read, the decision is made, and the write checks every
 * revision. If a row had moved, or a transfer id existed already, nothing was written, and the batch
 * is posted again with its rows locked in sorted order and its ids looked up.
 */
import type { Connection, Queryable, Transaction } from "../../db/database.ts";
import { insertTransfers, readOutcomes } from "../transfer-rows.ts";
import {
  decideBatch, hasNewRefusal,
  type DecidedBatch, type DecidedOperation, type DecisionInput, type KnownOutcome, type Unit,
} from "./decide-batch.ts"; // prettier-ignore
import { Claims } from "./claims.ts";
import type { DatabaseClock } from "./database-clock.ts";
import { readInto } from "./prefetch.ts";
import type { Registry } from "./registry.ts";
import type { BoundStatement, Resource, RowId, Touch } from "./resource.ts";
import type { RowMemory } from "./row-memory.ts";
import { WorkingSet } from "./working-set.ts";

/** A decision needs one more read for each step of discovery; more than this is a loop. */
const MAX_DISCOVERY_STEPS = 8;

/** What the batches of one engine share. */
export interface PostingContext {
  readonly registry: Registry;
  readonly memory: RowMemory;
  readonly clock: DatabaseClock;
}

export interface PostedBatch {
  /** Per unit, in order; undefined for one that has to be decided again from the database. */
  readonly units: readonly (readonly DecidedOperation[] | undefined)[];
  /** The time of what was written; for a batch that wrote nothing, the time of reading. */
  readonly recordedAt: Date;
}

export interface OptimisticOptions {
  /** Whether remembered rows may be used. */
  readonly guess: boolean;
  /** Called once the rows are written and locked, and remembered, while the rest is written. */
  readonly onLocked: () => void;
}

interface DecidedRows {
  readonly decided: DecidedBatch;
  readonly rows: WorkingSet;
  readonly now: Date;
}

/** Reads what the units touch, and what their decisions discover, and decides. */
export async function readAndDecide(
  db: Queryable,
  units: readonly Unit[],
  { registry, clock }: Pick<PostingContext, "registry" | "clock">,
  given: { rows: WorkingSet; stored: ReadonlyMap<string, KnownOutcome>; lock: boolean },
): Promise<DecidedRows> {
  const { rows, stored, lock } = given;
  let wanted: readonly Touch[] = units.flatMap(({ touches }) => touches);
  for (let step = 0; step < MAX_DISCOVERY_STEPS; step += 1) {
    const unread = wanted.filter((touch) => !rows.has(touch));
    if (unread.length > 0 || !clock.isSet())
      await Promise.all([clock.set(db), readInto(db, rows, unread, { registry, lock })]);
    const now = clock.now();
    const decided = decideBatch(registry, units, { rows, stored, now });
    if (!("missing" in decided)) return { decided, rows, now };
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
  context: PostingContext,
  units: readonly Unit[],
  { guess, onLocked }: OptimisticOptions,
): Promise<PostedBatch> {
  const rows = guess ? recall(context.memory, units) : new WorkingSet();
  const given = { rows, stored: new Map<string, KnownOutcome>(), lock: false };
  const first = await readAndDecide(connection, units, context, given);
  const now = first.now;
  const { decided, certain } = rows.guessed
    ? decideCertain(context.registry, units, { ...given, ...first })
    : { decided: first.decided, certain: units };
  const outcomes = new Map(certain.map((unit, index) => [unit, decided.units[index]]));
  const posted = { units: units.map((unit) => outcomes.get(unit)) };
  const writes = writesOf(context.registry, decided, rows);
  if (writes.length === 0) return { ...posted, recordedAt: now };
  const sent = send(connection, [BEGIN, ...writes, COMMIT]);
  const locking = sent.filter((_, index) => writes[index - 1]?.remembered);
  // A failure is reported by `settle`; rows that were not written are not remembered.
  void Promise.all(locking).then(
    () => {
      remember(context, rows);
      onLocked();
    },
    () => undefined,
  );
  return { ...posted, recordedAt: timeIn(await settle(sent), context.clock) ?? now };
}

/** The careful path: lock, then look, decide, write, in one transaction. */
export async function postLocked(
  connection: Connection,
  context: PostingContext,
  units: readonly Unit[],
): Promise<PostedBatch> {
  const { registry } = context;
  return connection.transaction(async (tx) => {
    // Locked before they are read for good: a row read while waiting may be an old version of it.
    const touches = units.flatMap((unit) => unit.touches);
    await readInto(tx, new WorkingSet(), touches, { registry, lock: true });
    const stored = await readOutcomes(tx, transferIds(units));
    const given = { rows: new WorkingSet(), stored, lock: true };
    const { decided, rows, now } = await readAndDecide(tx, units, context, given);
    const answers = await settle(send(tx, writesOf(registry, decided, rows)));
    const recordedAt = timeIn(answers, context.clock) ?? now;
    return { units: decided.units, recordedAt };
  });
}

/**
 * The units that may be posted from guesses: those that were accepted, without the ones that follow
 * a refused one on the same rows, so that the order of the batch is kept. Decided again without the
 * others until nothing is refused.
 */
function decideCertain(
  registry: Registry,
  units: readonly Unit[],
  input: DecisionInput & { readonly decided: DecidedBatch },
): { decided: DecidedBatch; certain: readonly Unit[] } {
  let { decided } = input;
  let certain = units;
  while (decided.units.some(hasNewRefusal)) {
    const doubted = new Claims();
    certain = certain.filter((unit, index) => {
      const refused = hasNewRefusal(decided.units[index] ?? []);
      if (!refused && !doubted.meets(unit)) return true;
      doubted.add(unit);
      return false;
    });
    input.rows.reset();
    const again = decideBatch(registry, certain, input);
    if ("missing" in again) throw new Error("a smaller batch asked for more rows");
    decided = again;
  }
  return { decided, certain };
}

function transferIds(units: readonly Unit[]): string[] {
  return units.flatMap(({ operations }) => operations.map(({ transferId }) => transferId));
}

function recall(memory: RowMemory, units: readonly Unit[]): WorkingSet {
  const rows = new WorkingSet();
  for (const { touches } of units)
    for (const touch of touches) {
      const row = rows.has(touch) ? undefined : memory.recall(touch);
      if (row) rows.guess(touch, row);
    }
  return rows;
}

/** Puts the rows as they will be into memory, so that the next batch need not wait for COMMIT. */
function remember({ registry, memory }: PostingContext, rows: WorkingSet): void {
  for (const resource of registry.resources) {
    const typed = resource as unknown as Resource<RowId, object>;
    if (!typed.remembered) continue;
    for (const change of rows.changes(resource)) {
      const row = typed.remembered(change);
      memory.keep(resource, change.id, row);
    }
  }
}

const BEGIN: BoundStatement = { statement: { name: "ledger_begin", text: "begin" }, values: [] };
const COMMIT: BoundStatement = { statement: { name: "ledger_commit", text: "commit" }, values: [] };

interface Write extends BoundStatement {
  /** Whether it locks rows that the engine remembers. */
  readonly remembered: boolean;
}

/** Accounts and other rows first, in the registry's order, then transfers: the locking order. */
function writesOf(registry: Registry, decided: DecidedBatch, rows: WorkingSet): Write[] {
  const writes = registry.resources.flatMap((resource) => {
    const changes = rows.changes(resource);
    const statements = changes.length > 0 ? resource.write(changes as never) : [];
    const remembered = "remembered" in resource;
    return statements.map((statement) => ({ ...statement, remembered }));
  });
  if (decided.fresh.length > 0)
    writes.push({ ...insertTransfers(decided.fresh), remembered: false });
  return writes;
}

/** All statements leave in one packet. */
function send(
  db: Queryable | Transaction,
  statements: readonly BoundStatement[],
): Promise<object[]>[] {
  return statements.map(({ statement, values }) => db.query<object>(statement, values));
}

/** Rejects with the first failure, once everything has answered. */
async function settle(sent: readonly Promise<object[]>[]): Promise<object[][]> {
  const answers = await Promise.allSettled(sent);
  return answers.map((answer) => {
    if (answer.status === "rejected") throw answer.reason;
    return answer.value;
  });
}

function timeIn(answers: readonly object[][], clock: DatabaseClock): Date | undefined {
  for (const [row] of answers)
    if (row && "recordedAt" in row && row.recordedAt instanceof Date)
      return clock.adjust(row.recordedAt);
  return undefined;
}
