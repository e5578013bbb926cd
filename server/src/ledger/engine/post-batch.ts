/**
 * Posts one batch on one connection: read, decide, write, commit.
 *
 * First without locks: rows are recalled or read, the decision is made, and the write checks every
 * revision. If a row had moved, or a transfer id existed already, nothing was written, and the batch
 * is posted again with its rows locked in sorted order and its ids looked up.
 */
import type {
  BoundStatement, Connection, Queryable, Transaction,
} from "../../db/database.ts"; // prettier-ignore
import { insertTransfers, readOutcomes } from "../transfer-rows.ts";
import {
  decideBatch, hasNewRefusal,
  type DecidedBatch, type DecidedOperation, type DecisionInput, type KnownOutcome, type Unit,
} from "./decide-batch.ts"; // prettier-ignore
import { Claims } from "./claims.ts";
import type { DatabaseClock } from "./database-clock.ts";
import { readInto } from "./prefetch.ts";
import { reliedOn, rememberRead, requireAsRead } from "./relied-rows.ts";
import type { Registry } from "./registry.ts";
import type { AnyResource, Resource, RowId, Touch } from "./resource.ts";
import type { RowMemory } from "./row-memory.ts";
import { WorkingSet, type ChangedRow } from "./working-set.ts";
import type { Writer } from "./writer.ts";

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
  /** Called once the batch is on its way, and the rows as it leaves them are remembered. */
  readonly onSent: () => void;
}

/** Where a batch reads, and where it is written after those that were decided before it. */
export interface Lanes {
  readonly reader: Queryable;
  readonly writer: Writer;
}

export interface GivenRows {
  readonly rows: WorkingSet;
  /** What the units announce and `rows` does not have. */
  readonly unread: readonly Touch[];
  readonly stored: ReadonlyMap<string, KnownOutcome>;
  readonly lock: boolean;
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
  given: GivenRows,
): Promise<DecidedRows> {
  const { rows, stored, lock } = given;
  let { unread } = given;
  for (let step = 0; step < MAX_DISCOVERY_STEPS; step += 1) {
    if (unread.length > 0 || !clock.isSet())
      await Promise.all([clock.set(db), readInto(db, rows, unread, { registry, lock })]);
    const now = clock.now();
    const decided = decideBatch(registry, units, { rows, stored, now });
    if (!("missing" in decided)) return { decided, rows, now };
    unread = decided.missing;
  }
  throw new Error("operations kept asking for more rows");
}

/**
 * The fast path. Rejects with SQLSTATE ND001 or 23505 when the batch has to go again with locks;
 * then nothing was written. From the decision to the writer nothing is awaited, so that batches
 * reach the database in the order in which they were decided.
 */
export async function postOptimistically(
  { reader, writer }: Lanes,
  context: PostingContext,
  units: readonly Unit[],
  { guess, onSent }: OptimisticOptions,
): Promise<PostedBatch> {
  const { generation } = context.memory;
  const rows = new WorkingSet();
  const unread = guess ? recall(context.memory, units, rows) : touchesOf(units);
  const given = { rows, unread, stored: NOTHING_STORED, lock: false };
  const first = await readAndDecide(reader, units, context, given);
  const now = first.now;
  const { decided, certain } = rows.guessed
    ? decideCertain(context.registry, units, { ...given, ...first })
    : { decided: first.decided, certain: units };
  const posted = { units: certain === units ? decided.units : amongAll(units, certain, decided) };
  const changes = changesOf(context.registry, rows);
  const writes = writesOf(changes, decided);
  if (writes.length === 0) return { ...posted, recordedAt: now };
  const relied = reliedOn(rows, certain);
  if (rows.guessed && generation !== context.memory.generation) throw new StaleGuess();
  const sent = writer.send([...requireAsRead(relied), ...writes]);
  remember(context.memory, changes);
  rememberRead(context.memory, relied);
  onSent();
  return { ...posted, recordedAt: timeIn(await sent, context.clock) ?? now };
}

/** While the batch read, another one failed, on whose rows this one may stand. */
export class StaleGuess extends Error {
  override readonly name = "StaleGuess";
}

const NOTHING_STORED: ReadonlyMap<string, KnownOutcome> = new Map();

/** Per unit of the batch, undefined for one that was left out. */
function amongAll(
  units: readonly Unit[],
  certain: readonly Unit[],
  { units: decided }: DecidedBatch,
) {
  const outcomes = new Map(certain.map((unit, index) => [unit, decided[index]]));
  return units.map((unit) => outcomes.get(unit));
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
    const unread = touchesOf(units);
    await readInto(tx, new WorkingSet(), unread, { registry, lock: true });
    const stored = await readOutcomes(tx, transferIds(units));
    const given = { rows: new WorkingSet(), unread, stored, lock: true };
    const { decided, rows, now } = await readAndDecide(tx, units, context, given);
    const answers = await writeIn(tx, writesOf(changesOf(registry, rows), decided));
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

export function transferIds(units: readonly Unit[]): string[] {
  return units.flatMap(({ operations }) => operations.map(({ transferId }) => transferId));
}

export function touchesOf(units: readonly Unit[]): Touch[] {
  return units.flatMap(({ touches }) => touches);
}

/** Fills `rows` with what is remembered and answers what is not. */
function recall(memory: RowMemory, units: readonly Unit[], rows: WorkingSet): Touch[] {
  const unread: Touch[] = [];
  for (const { touches } of units)
    for (const touch of touches) {
      if (rows.has(touch)) continue;
      const guess = memory.recall(touch);
      if (guess) rows.guess(touch, guess);
      else unread.push(touch);
    }
  return unread;
}

interface ChangesOfResource {
  readonly resource: AnyResource;
  readonly changes: readonly ChangedRow[];
}

/** In the registry's order, which is the locking order. */
function changesOf(registry: Registry, rows: WorkingSet): ChangesOfResource[] {
  return registry.resources
    .map((resource) => ({ resource, changes: rows.changes(resource) }))
    .filter(({ changes }) => changes.length > 0);
}

/** Puts the rows as they will be into memory, so that the next batch need not wait for COMMIT. */
function remember(memory: RowMemory, changed: readonly ChangesOfResource[]): void {
  for (const { resource, changes } of changed) {
    const typed = resource as unknown as Resource<RowId, object>;
    if (!typed.remembered) continue;
    for (const change of changes) {
      if (change.unnamed) continue;
      const row = typed.remembered(change);
      if (change.guess) change.guess.row = row;
      else memory.keep(resource, change.id, row);
    }
  }
}

/** Accounts and other rows first, then transfers: the locking order. */
function writesOf(
  changed: readonly ChangesOfResource[],
  { fresh }: DecidedBatch,
): readonly BoundStatement[] {
  const writes = changed.flatMap(({ resource, changes }) => resource.write(changes as never));
  return fresh.length > 0 ? [...writes, insertTransfers(fresh)] : writes;
}

/** Pipelined inside an open transaction; rejects with the first failure, once all have answered. */
async function writeIn(
  tx: Transaction,
  statements: readonly BoundStatement[],
): Promise<object[][]> {
  const answers = await Promise.allSettled(
    statements.map(({ statement, values }) => tx.query<object>(statement, values)),
  );
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
