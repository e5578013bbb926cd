/**
 * Posts one batch on one connection: read, decide, write, commit.
 *
 * The optimistic path comes first: rows come from the cache or are read, the decision is made, and
 * the write checks every revision. If a row had changed, or a transfer id existed already, the
 * write is rolled back, and the batch is posted again with its rows locked in sorted order and its
 * ids queried.
 */
import type { BoundStatement, Connection, Queryable, Transaction } from "../db/database.ts";
import {
  decideBatch,
  type DecidedBatch,
  type DecidedOperation,
  type KnownOutcome,
  type Unit,
} from "./decide-batch.ts";
import type { DatabaseClock } from "./database-clock.ts";
import { readInto } from "./prefetch.ts";
import { readSetOf, cacheReadSet, requireAsRead } from "./read-set.ts";
import type { Registry } from "./registry.ts";
import type { AnyResource, Resource, RowId, RowKey } from "./resource.ts";
import type { RowCache } from "./row-cache.ts";
import { WorkingSet, type ChangedRow } from "./working-set.ts";
import type { Writer } from "./writer.ts";

/**
 * A decision needs one more read for each step of discovery; more than this is a loop. The longest chain that
 * is known, a payment under limits, consents and expired holds, has about a dozen.
 */
const MAX_DISCOVERY_STEPS = 32;

/** Shared by the batches of one engine. */
export interface PostingContext {
  readonly registry: Registry;
  readonly cache: RowCache;
  readonly clock: DatabaseClock;
}

export interface PostedBatch {
  /** Per unit, in order. */
  readonly units: readonly (readonly DecidedOperation[])[];
  /** The time of the write; for a batch without writes, the time of reading. */
  readonly recordedAt: Date;
}

export interface OptimisticOptions {
  /** Whether cached rows may be used. */
  readonly useCache: boolean;
  /** Called once the batch is sent and its rows are cached. */
  readonly onSent: () => void;
}

/** The connections for reading, and for writing behind the batches decided before. */
export interface Lanes {
  readonly reader: Queryable;
  readonly writer: Writer;
}

export interface GivenRows {
  /** With the cache, where it may be used: in-flight batches left newer rows there than the database shows. */
  readonly rows: WorkingSet;
  /** undefined: the write finds used ids; they are queried for a refusal without insert. */
  readonly stored?: ReadonlyMap<string, KnownOutcome>;
}

interface DecidedRows {
  readonly decided: DecidedBatch;
  readonly now: Date;
}

/** Reads the rows of the units and those that their decisions discover, then decides. */
export async function readAndDecide(
  db: Queryable,
  units: readonly Unit[],
  { registry, clock }: Pick<PostingContext, "registry" | "clock">,
  { rows, ...given }: GivenRows,
): Promise<DecidedRows> {
  let unread: readonly RowKey[] = missingFrom(rows, readWriteSetOf(units));
  let { stored } = given;
  let lacksOutcomes = false;
  for (let step = 0; step < MAX_DISCOVERY_STEPS; step += 1) {
    if (unread.length > 0 || lacksOutcomes || !clock.isSet()) {
      [stored] = await Promise.all([
        lacksOutcomes ? registry.rules.readOutcomes(db, transferIds(units)) : stored,
        clock.set(db),
        readInto(db, rows, unread, { registry, lock: false }),
      ]);
      rows.refresh();
    }
    const now = clock.now();
    const decided = decideBatch(registry.rules, units, {
      rows,
      stored: stored ?? NONE_STORED,
      now,
    });
    if ("missing" in decided) {
      unread = decided.missing;
    } else {
      lacksOutcomes = !stored && decided.units.flat().some(staysOutOfBooks);
      if (!lacksOutcomes) return { decided, now };
      rows.reset();
      unread = [];
    }
  }
  throw new Error(KEPT_ASKING);
}

const NONE_STORED: ReadonlyMap<string, KnownOutcome> = new Map();

/** A keyed refusal that is not inserted: the write would not meet the first outcome of its id. */
function staysOutOfBooks({ prepared, keyStaysFree }: DecidedOperation): boolean {
  return keyStaysFree && prepared.operation.terms.idempotency !== undefined;
}

const KEPT_ASKING = "operations kept asking for more rows";

/**
 * The optimistic path. Rejects with SQLSTATE ND001 or 23505 when the batch has to be retried with
 * locks; it is rolled back then. The path from the decision to the writer is synchronous, so that
 * batches reach the database in the order of their decisions. A refusal from cached rows is
 * answered once the database has checked their versions too.
 */
export async function postOptimistically(
  { reader, writer }: Lanes,
  context: PostingContext,
  units: readonly Unit[],
  { useCache, onSent }: OptimisticOptions,
): Promise<PostedBatch> {
  const { registry, cache, clock } = context;
  const { generation } = cache;
  const rows = new WorkingSet(useCache ? cache : undefined);
  const { decided, now } = await readAndDecide(reader, units, context, { rows });
  const changes = changesOf(registry, rows);
  const readSet = readSetOf(rows, registry);
  const statements = [...requireAsRead(readSet), ...writesOf(registry, changes, decided)];
  if (statements.length === 0) return { units: decided.units, recordedAt: now };
  if (rows.fromCache && generation !== cache.generation) throw new StaleCacheRead();
  const sent = writer.send(statements);
  cacheChanges(cache, changes);
  cacheReadSet(cache, readSet);
  onSent();
  return { units: decided.units, recordedAt: timeIn(await sent, clock) ?? now };
}

/** During the reads another batch failed, whose rows this one may depend on. */
export class StaleCacheRead extends Error {
  override readonly name = "StaleCacheRead";
}

/**
 * The pessimistic path: lock, then read, decide, write, in one transaction. When a decision asks
 * for unlocked rows, it starts over with them, so that all are locked in the one order of all.
 */
export async function postLocked(
  connection: Connection,
  context: PostingContext,
  units: readonly Unit[],
): Promise<PostedBatch> {
  let readWriteSet = readWriteSetOf(units);
  for (let step = 0; step < MAX_DISCOVERY_STEPS; step += 1) {
    try {
      return await connection.transaction((tx) =>
        postUnderLocks(tx, context, { units, readWriteSet }),
      );
    } catch (error) {
      if (!(error instanceof RowsNotLocked)) throw error;
      readWriteSet = [...readWriteSet, ...error.keys];
    }
  }
  throw new Error(KEPT_ASKING);
}

/** Ends a transaction that has locked too little. */
class RowsNotLocked extends Error {
  override readonly name = "RowsNotLocked";
  readonly keys: readonly RowKey[];

  constructor(keys: readonly RowKey[]) {
    super(`${keys.length} rows were not locked`);
    this.keys = keys;
  }
}

async function postUnderLocks(
  tx: Transaction,
  { registry, clock }: PostingContext,
  { units, readWriteSet }: { units: readonly Unit[]; readWriteSet: readonly RowKey[] },
): Promise<PostedBatch> {
  // Locked before the final read: a row read while waiting may be an old version of it.
  await readInto(tx, new WorkingSet(), readWriteSet, { registry, lock: true });
  const rows = new WorkingSet();
  const [stored] = await Promise.all([
    registry.rules.readOutcomes(tx, transferIds(units)),
    clock.set(tx),
    readInto(tx, rows, readWriteSet, { registry, lock: false }),
  ]);
  const now = clock.now();
  const decided = decideBatch(registry.rules, units, { rows, stored, now });
  if ("missing" in decided) throw new RowsNotLocked(decided.missing);
  const answers = await writeIn(tx, writesOf(registry, changesOf(registry, rows), decided));
  return { units: decided.units, recordedAt: timeIn(answers, clock) ?? now };
}

export function transferIds(units: readonly Unit[]): string[] {
  return units.flatMap(({ operations }) => operations.map(({ transferId }) => transferId));
}

export function readWriteSetOf(units: readonly Unit[]): RowKey[] {
  return units.flatMap(({ readWriteSet }) => readWriteSet);
}

/** The keys of rows that are neither read nor cached. */
function missingFrom(rows: WorkingSet, keys: readonly RowKey[]): RowKey[] {
  return keys.filter((key) => !rows.has(key));
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

/** Caches the rows as they will be, so that the next batch can start before COMMIT. */
function cacheChanges(cache: RowCache, changed: readonly ChangesOfResource[]): void {
  for (const { resource, changes } of changed) {
    const typed = resource as unknown as Resource<RowId, object>;
    if (!typed.rowToCache) continue;
    for (const change of changes) {
      if (change.isNew) continue;
      const row = typed.rowToCache(change);
      if (change.cached) change.cached.row = row;
      else cache.keep(resource, change.id, row);
    }
  }
}

/** Accounts and other rows first, then transfers: the locking order. */
function writesOf(
  { rules }: Registry,
  changed: readonly ChangesOfResource[],
  { newOutcomes }: DecidedBatch,
): readonly BoundStatement[] {
  const writes = changed.flatMap(({ resource, changes }) => resource.write(changes as never));
  return newOutcomes.length > 0 ? [...writes, rules.insertOutcomes(newOutcomes)] : writes;
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
