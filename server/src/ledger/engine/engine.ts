/**
 * The posting engine of this process: collects concurrent operations and posts them in batches.
 *
 * At most two batches are in flight; what arrives meanwhile forms the next one, and an idle engine
 * posts at once. An operation that touches a row of a batch in flight waits for the next batch, so
 * that one process never makes itself repeat. Other processes on the same database are met by
 * revisions and locks (post-batch.ts).
 */
import type { Database } from "../../db/database.ts";
import { NewDayError } from "../../errors.ts";
import { newTransferId, transferIdFor } from "../identifiers.ts";
import type { DecidedOperation, PreparedOperation, Unit } from "./decide-batch.ts";
import type { Operation, Outcome, PostingEngine, SubmitMode } from "./operation.ts";
import { readAndDecide, touchesOf } from "./post-batch.ts";
import type { Registry } from "./registry.ts";
import type { AnyResource, RowId, Touch } from "./resource.ts";
import { createSlot, type Slot, type UnitResult } from "./slot.ts";

/** Two overlap the database's work with ours; three or four gain nothing (PERFORMANCE.md 3). */
const SLOTS = 2;
/** A queue of at least this many is shared between idle slots; less is not worth a second commit. */
const SPLIT_FROM = 64;
/** Larger batches gain nothing and make the next one wait longer. */
const BATCH_CAP = 500;
/** About two seconds of work on a small machine; beyond it callers are better told to come back. */
const MAX_QUEUED = 20_000;

export interface EngineOptions {
  readonly applicationName: string;
  /** Told after every batch, for metrics and benchmarks. */
  readonly onBatch?: (report: BatchReport) => void;
}

export interface BatchReport {
  readonly operations: number;
  /** How often the batch had to go again with locks. */
  readonly repeats: number;
  readonly milliseconds: number;
}

interface Waiting extends Unit {
  readonly touches: readonly Touch[];
  resolve(outcomes: Outcome[]): void;
  reject(reason: unknown): void;
}

/** Opens nothing yet: the first operation connects. */
export function createPostingEngine(
  db: Database,
  registry: Registry,
  options: EngineOptions,
): PostingEngine {
  return new Engine(db, registry, options);
}

class Engine implements PostingEngine {
  readonly #db: Database;
  readonly #registry: Registry;
  readonly #options: EngineOptions;
  readonly #idle: Slot[];
  readonly #busy = new Map<Slot, Set<string>>();
  #queue: Waiting[] = [];
  #queued = 0;
  #scheduled = false;
  #draining: { promise: Promise<void>; done: () => void } | undefined;

  constructor(db: Database, registry: Registry, options: EngineOptions) {
    this.#db = db;
    this.#registry = registry;
    this.#options = options;
    this.#idle = Array.from({ length: SLOTS }, () =>
      createSlot(db, registry, options.applicationName),
    );
  }

  async submit(operation: Operation): Promise<Outcome> {
    const [outcome] = await this.submitMany([operation], "independent");
    if (!outcome) throw new Error("unreachable");
    return outcome;
  }

  async submitMany(operations: readonly Operation[], mode: SubmitMode): Promise<Outcome[]> {
    if (this.#draining) throw new NewDayError("shutting_down");
    if (this.#queued + operations.length > MAX_QUEUED)
      throw new NewDayError("overloaded", { queueDepth: this.#queued });
    const unit = { operations: operations.map(prepare), mode };
    const touches = [...touchesOf(this.#registry, [unit])];
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...unit, touches, resolve, reject });
      this.#queued += operations.length;
      this.#schedule();
    });
  }

  async preview(operations: readonly Operation[], mode: SubmitMode): Promise<Outcome[]> {
    const unit = { operations: operations.map(prepare), mode };
    const { decided, now } = await readAndDecide(this.#db, [unit], {
      registry: this.#registry,
      lock: false,
      stored: new Map(),
    });
    return outcomesOf(decided.units[0] ?? [], now);
  }

  queueDepth(): number {
    return this.#queued;
  }

  async drain(): Promise<void> {
    if (!this.#draining) {
      let done = () => {};
      const promise = new Promise<void>((resolve) => (done = resolve));
      this.#draining = { promise, done };
      this.#schedule();
    }
    await this.#draining.promise;
    await Promise.all(this.#idle.map((slot) => slot.close()));
  }

  /** After the poll phase of the event loop: everything that has just arrived goes together. */
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
      const slot = batch.length > 0 ? this.#idle.pop() : undefined;
      if (!slot) break;
      void this.#run(slot, batch);
    }
    if (this.#draining && this.#queued === 0 && this.#busy.size === 0) this.#draining.done();
  }

  /** From the front of the queue, leaving what touches a row of a batch in flight. */
  #takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    let size = 0;
    const cap = this.#cap();
    for (const unit of this.#queue) {
      const fits = batch.length === 0 || size + unit.operations.length <= cap;
      if (fits && !this.#conflicts(unit.touches)) {
        batch.push(unit);
        size += unit.operations.length;
      } else left.push(unit);
    }
    this.#queue = left;
    return batch;
  }

  /** Sharing what waits keeps one batch being decided while the other is being written. */
  #cap(): number {
    const share = Math.ceil(this.#queue.length / this.#idle.length);
    return this.#queue.length < SPLIT_FROM ? BATCH_CAP : Math.min(share, BATCH_CAP);
  }

  #conflicts(touches: readonly Touch[]): boolean {
    for (const inFlight of this.#busy.values())
      for (const touch of touches) if (inFlight.has(rowKey(touch))) return true;
    return false;
  }

  async #run(slot: Slot, batch: readonly Waiting[]): Promise<void> {
    this.#busy.set(slot, new Set(batch.flatMap(({ touches }) => touches.map(rowKey))));
    const started = performance.now();
    const operations = batch.reduce((sum, unit) => sum + unit.operations.length, 0);
    try {
      const { results, repeats } = await slot.post(batch);
      for (const [index, unit] of batch.entries()) settle(unit, results[index]);
      const milliseconds = performance.now() - started;
      this.#options.onBatch?.({ operations, repeats, milliseconds });
    } catch (error) {
      for (const unit of batch) unit.reject(error);
    } finally {
      this.#queued -= operations;
      this.#busy.delete(slot);
      this.#idle.push(slot);
      this.#schedule();
    }
  }
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
  const key = operation.idempotency?.key;
  const transferId = key === undefined ? newTransferId() : transferIdFor(operation.caller, key);
  return { operation, transferId };
}

function rowKey({ resource, id }: { resource: AnyResource; id: RowId }): string {
  return `${resource.name}:${id}`;
}

/** Throws `idempotency_conflict` when a key of the unit belongs to another request. */
function outcomesOf(decided: readonly DecidedOperation[], batchTime: Date): Outcome[] {
  return decided.map(({ prepared, known, replayed }) => {
    if (!known) throw new NewDayError("idempotency_conflict", { transferId: prepared.transferId });
    const { verdict } = known;
    const recordedAt = known.recordedAt ?? batchTime;
    return { ...verdict, transferId: prepared.transferId, recordedAt, replayed };
  });
}
