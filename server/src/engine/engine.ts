/**
 * The posting engine of this process: collects concurrent operations and posts them in batches.
 *
 * At most two batches are in flight; later arrivals form the next one, and an idle engine posts at
 * once. An operation on a row of an in-flight batch waits until that row is cached or written, so
 * that one process avoids conflicts with itself. Other processes on the same database are met by
 * revisions and locks (post-batch.ts).
 */
import type { Database } from "../db/database.ts";
import { isNewDayError, NewDayError } from "../errors/errors.ts";
import { newTransferId, transferIdFor } from "./identifiers.ts";
import { typedOutcomes } from "./outcome.ts";
import { openPostingSession } from "./retry-loop.ts";
import { RowReservations, BatchReservations } from "./row-reservations.ts";
import { DatabaseClock } from "./database-clock.ts";
import type { DecidedOperation, PreparedOperation, Unit } from "./decide-batch.ts";
import type {
  Operation,
  OperationResult,
  Outcome,
  OutcomesOf,
  PostingCounters,
  PostingEngine,
  SubmitMode,
} from "./operation.ts";
import { readAndDecide, transferIds, type PostingContext } from "./post-batch.ts";
import type { Registry } from "./registry.ts";
import type { Resource, RowId, RowKey } from "./resource.ts";
import { inSpan } from "../lib/tracing.ts";
import { RowCache } from "./row-cache.ts";
import { WorkingSet } from "./working-set.ts";
import { createInFlightBatch, type InFlightBatch, type UnitResult } from "./in-flight-batch.ts";
import { createWriter, type Writer } from "./writer.ts";

/**
 * Two overlap the database's work with ours; three or four gain nothing (docs/performance.md 3).
 */
const IN_FLIGHT_MAX = 2;
/**
 * A queue of at least this many is shared between idle batches; a smaller one is worth one commit.
 */
const SPLIT_FROM = 64;
/** Larger batches gain nothing and make the next one wait longer. */
const BATCH_CAP = 500;
/** About two seconds of work on a small machine; callers beyond it are told to come back. */
const MAX_QUEUED = 20_000;

export interface EngineOptions {
  readonly applicationName: string;
}

interface Waiting extends Unit {
  resolve(outcomes: Outcome[]): void;
  reject(reason: unknown): void;
}

/** Connects with the first operation. */
export function createPostingEngine(
  db: Database,
  registry: Registry,
  options: EngineOptions,
): PostingEngine {
  return new Engine(db, registry, options);
}

class Engine implements PostingEngine {
  readonly #db: Database;
  readonly #context: PostingContext;
  readonly #counters = { operations: 0, batches: 0, repeats: 0 };
  readonly #writer: Writer;
  readonly #idle: InFlightBatch[];
  /** For each in-flight batch, the rows that it reserves. */
  readonly #busy = new Map<InFlightBatch, BatchReservations>();
  #queue: Waiting[] = [];
  #queued = 0;
  #scheduled = false;
  #draining: { promise: Promise<void>; done: () => void } | undefined;

  constructor(db: Database, registry: Registry, options: EngineOptions) {
    this.#db = db;
    const cache = new RowCache();
    this.#context = { registry, cache, clock: new DatabaseClock() };
    const { applicationName } = options;
    this.#writer = createWriter({
      open: () => openPostingSession(db, applicationName),
      onFailure: () => cache.evictAll(),
    });
    this.#idle = Array.from({ length: IN_FLIGHT_MAX }, () =>
      createInFlightBatch(db, this.#context, { applicationName, writer: this.#writer }),
    );
  }

  submit<Result extends OperationResult>(operation: Operation<Result>): Promise<Outcome<Result>> {
    return new Promise((resolve, reject) => {
      this.#refuseWork(1);
      const first = (outcomes: readonly Outcome[]) => {
        const [outcome] = typedOutcomes(outcomes, [operation]);
        if (outcome) resolve(outcome);
      };
      this.#push(this.#waiting([operation], "independent", { resolve: first, reject }));
    });
  }

  async submitMany<const Operations extends readonly Operation[]>(
    operations: Operations,
    mode: SubmitMode,
  ): Promise<OutcomesOf<Operations>> {
    this.#refuseWork(operations.length);
    if (mode === "atomic") return typedOutcomes(await this.#submitGroup(operations), operations);
    const alone = operations.map((operation) => this.#enqueueAlone(operation));
    return typedOutcomes(await Promise.all(alone), operations);
  }

  #submitGroup(operations: readonly Operation[]): Promise<Outcome[]> {
    return new Promise((resolve, reject) =>
      this.#push(this.#waiting(operations, "atomic", { resolve, reject })),
    );
  }

  async preview<const Operations extends readonly Operation[]>(
    operations: Operations,
    mode: SubmitMode,
  ): Promise<OutcomesOf<Operations>> {
    return typedOutcomes(await this.#preview(operations, mode), operations);
  }

  async #preview(operations: readonly Operation[], mode: SubmitMode): Promise<Outcome[]> {
    const units =
      mode === "atomic"
        ? [this.#waiting(operations, mode, NO_WAITER)]
        : operations.map((one) => this.#waiting([one], mode, NO_WAITER));
    const stored = await this.#context.registry.rules.readOutcomes(this.#db, transferIds(units));
    const given = { rows: new WorkingSet(), stored };
    const { decided, now } = await readAndDecide(this.#db, units, this.#context, given);
    return decided.units.flatMap((unit) =>
      mode === "independent" ? unit.map((one) => outcomeAlone(one, now)) : outcomesOf(unit, now),
    );
  }

  queueDepth(): number {
    return this.#queued;
  }

  counters(): PostingCounters {
    const { reads, hits } = this.#context.cache.counts;
    return { ...this.#counters, cacheReads: reads, cacheHits: hits };
  }

  async drain(): Promise<void> {
    if (!this.#draining) {
      let done = () => {};
      const promise = new Promise<void>((resolve) => (done = resolve));
      this.#draining = { promise, done };
      this.#schedule();
    }
    await this.#draining.promise;
    await Promise.all([this.#writer.close(), ...this.#idle.map((inFlight) => inFlight.close())]);
  }

  #refuseWork(operations: number): void {
    if (this.#draining) throw new NewDayError("shutting_down");
    if (this.#queued + operations > MAX_QUEUED)
      throw new NewDayError("overloaded", { queueDepth: this.#queued });
  }

  #waiting(
    operations: readonly Operation[],
    mode: SubmitMode,
    { resolve, reject }: Pick<Waiting, "resolve" | "reject">,
  ): Waiting {
    const [only] = operations;
    const readWriteSet =
      operations.length === 1 && only
        ? this.#readWriteSet(only)
        : operations.flatMap((operation) => this.#readWriteSet(operation));
    return { operations: operations.map(prepare), mode, readWriteSet, resolve, reject };
  }

  #readWriteSet(operation: Operation): readonly RowKey[] {
    this.#context.registry.requireType(operation.type);
    const announced = operation.readWriteSet();
    const { expects } = operation.terms;
    if (!expects) return announced;
    return [...announced, ...this.#context.registry.rules.expectedRows(expects)];
  }

  #push(unit: Waiting): void {
    this.#queue.push(unit);
    this.#queued += unit.operations.length;
    this.#schedule();
  }

  /** In a list of independent operations a reused key is the outcome of its own operation only. */
  async #enqueueAlone(operation: Operation): Promise<Outcome> {
    try {
      return await this.submit(operation);
    } catch (error) {
      if (!isNewDayError(error) || error.code !== "idempotency_conflict") throw error;
      return conflictOf(prepare(operation), this.#context.clock.now());
    }
  }

  /** After the poll phase of the event loop: all new arrivals go together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#idle.length > 0) {
      const batch = this.#takeBatch();
      const inFlight = batch.length > 0 ? this.#idle.pop() : undefined;
      if (!inFlight) break;
      void this.#run(inFlight, batch);
    }
    if (this.#draining && this.#queued === 0 && this.#busy.size === 0) this.#draining.done();
  }

  /** From the front of the queue; a waiting unit makes conflicting later ones wait too. */
  #takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const waiting = new RowReservations();
    const created = new RowReservations();
    const cap = this.#cap();
    let size = 0;
    for (const unit of this.#queue) {
      const full = batch.length > 0 && size + unit.operations.length > cap;
      if (full || created.create(unit) || this.#mustWait(unit, waiting)) {
        left.push(unit);
        if (!full) waiting.add(unit);
      } else {
        batch.push(unit);
        created.addIds(unit);
        size += unit.operations.length;
      }
    }
    this.#queue = left;
    return batch;
  }

  /** Sharing the queue keeps one batch being decided while the other is being written. */
  #cap(): number {
    const share = Math.ceil(this.#queue.length / this.#idle.length);
    return this.#queue.length < SPLIT_FROM ? BATCH_CAP : Math.min(share, BATCH_CAP);
  }

  #mustWait(unit: Unit, waiting: RowReservations): boolean {
    if (waiting.conflictsWith(unit)) return true;
    for (const inFlight of this.#busy.values()) if (inFlight.conflictsWith(unit)) return true;
    return false;
  }

  async #run(inFlight: InFlightBatch, batch: readonly Waiting[]): Promise<void> {
    this.#busy.set(inFlight, new BatchReservations(batch, everything));
    const operations = batch.reduce((sum, unit) => sum + unit.operations.length, 0);
    try {
      const { results, repeats } = await inSpan(
        "newday.batch",
        () => ({ "newday.operations": operations, "newday.units": batch.length }),
        () => inFlight.post(batch, () => this.#release(inFlight, batch)),
      );
      batch.forEach((unit, index) => settle(unit, results[index]));
      this.#counters.operations += operations;
      this.#counters.batches += 1;
      this.#counters.repeats += repeats;
    } catch (error) {
      for (const unit of batch) unit.reject(error);
    } finally {
      this.#queued -= operations;
      this.#busy.delete(inFlight);
      this.#idle.push(inFlight);
      this.#schedule();
    }
  }

  /** Sent: its cached rows are free for the next batch, the others after COMMIT. */
  #release(inFlight: InFlightBatch, batch: readonly Waiting[]): void {
    this.#busy.set(inFlight, new BatchReservations(batch, isUncached));
    this.#schedule();
  }
}

const NO_WAITER = { resolve: () => undefined, reject: () => undefined };

const everything = () => true;

function isUncached({ resource }: RowKey): boolean {
  return (resource as unknown as Resource<RowId, object>).rowToCache === undefined;
}

function settle(unit: Waiting, result: UnitResult | undefined): void {
  if (!result) return unit.reject(new Error("a unit of the batch has no result"));
  if ("failure" in result) return unit.reject(result.failure);
  try {
    unit.resolve(outcomesOf(result.decided, result.recordedAt));
  } catch (error) {
    unit.reject(error);
  }
}

function prepare(operation: Operation): PreparedOperation {
  const { caller, idempotency } = operation.terms;
  const key = idempotency?.key;
  const transferId = key === undefined ? newTransferId() : transferIdFor(caller, key);
  return { operation, transferId };
}

/** In a list of independent operations. */
function outcomeAlone(one: DecidedOperation, batchTime: Date): Outcome {
  const [outcome] = one.known ? outcomesOf([one], batchTime) : [];
  return outcome ?? conflictOf(one.prepared, batchTime);
}

function conflictOf({ transferId }: PreparedOperation, recordedAt: Date): Outcome {
  const refused = { code: "idempotency_conflict", details: {}, replayed: false } as const;
  return { status: "refused", ...refused, transferId, recordedAt };
}

/** Throws `idempotency_conflict` when a key of the unit belongs to another request. */
function outcomesOf(decided: readonly DecidedOperation[], batchTime: Date): Outcome[] {
  return decided.map(({ prepared, known, replayed }) => {
    if (!known) throw new NewDayError("idempotency_conflict", { transferId: prepared.transferId });
    const { decision } = known;
    const { transferId } = prepared;
    const recordedAt = known.recordedAt ?? batchTime;
    if (decision.status === "refused") return { ...decision, transferId, recordedAt, replayed };
    // Written out: the ordinary outcome is made thousands of times a second.
    const { status, movements, result, related } = decision;
    return { status, movements, result, related, transferId, recordedAt, replayed };
  });
}
