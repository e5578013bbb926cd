/**
 * What the posting engine is asked for, how a kind of operation decides, and what comes back.
 *
 * An operation is plain data. Its kind decides it as a pure function of rows: no I/O, no clock, no
 * randomness, so that a batch can be decided again from other rows and give the right answer. New
 * kinds (market, inventory) register beside the ledger's own and post in the same transaction.
 */
import type { ErrorCode } from "../errors/errors.ts";
import type { Resource, RowChange, RowId, Touch } from "./resource.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

export interface Operation<Payload = unknown> {
  /** Who asks: a platform's id, or a part of this server. Idempotency keys live in its scope. */
  readonly caller: string;
  /**
   * With a key the first outcome (posted or refused) is frozen and replayed. `fingerprint` comes from
   * `fingerprintOf(request)`; another one under the same key is `idempotency_conflict`.
   */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
  /** Name of a registered kind. */
  readonly kind: string;
  readonly payload: Payload;
  /** When it happened for the books; balances are ordered by recording only. */
  readonly effectiveAt?: Date;
  readonly reference?: string;
  readonly metadata?: JsonObject;
  /** If-Match: refused with `precondition_failed` unless each account is at this revision. */
  readonly expects?: readonly { readonly account: bigint; readonly revision: bigint }[];
}

/** Signed amount in minor units for one account; the legs of a posting sum to zero per currency. */
export interface Leg {
  readonly account: bigint;
  readonly amount: bigint;
}

/** Change of what is reserved on an account (holds); the money does not move. */
export interface Reserve {
  readonly account: bigint;
  readonly amount: bigint;
}

/** What an accepted operation does. Legs are checked by the engine against every account rule. */
export interface Posting {
  readonly legs?: readonly Leg[];
  readonly reserves?: readonly Reserve[];
  readonly changes?: readonly RowChange[];
  /** Kept with the transfer and returned again on replay. */
  readonly result?: JsonObject;
  /** The transfer or hold that this one captures, voids or gives back. */
  readonly related?: string;
}

/** A business no: frozen under the operation's key. `code` is a 4xx of the error catalogue. */
export interface Refusal {
  readonly refuse: ErrorCode;
  readonly details?: JsonObject;
}

export type Decision = Posting | Refusal;

/** The rows as the earlier operations of the batch left them. */
export interface View {
  /**
   * The row, or undefined when there is none. A row that was not read yet ends this attempt: the
   * engine reads it and decides the batch again, so `get` may discover rows from other rows.
   */
  get<Id extends RowId, Row extends object>(resource: Resource<Id, Row>, id: Id): Row | undefined;
  /** As `get` for each, in order; those that were not read yet are read at once. */
  getAll<Id extends RowId, Row extends object>(
    resource: Resource<Id, Row>,
    ids: readonly Id[],
  ): (Row | undefined)[];
}

export interface DecisionContext {
  /** The database's clock when the batch was read. */
  readonly now: Date;
  /** Id of the transfer that this operation becomes; also the id of a hold that it opens. */
  readonly transferId: string;
  readonly operation: Operation;
}

export interface OperationKind<Payload = unknown> {
  readonly name: string;
  /**
   * The rows it will surely look at: read ahead, and an operation that touches a row of a batch in
   * flight waits for the next one. Rows found while deciding need not be listed.
   */
  touches(payload: Payload): readonly Touch[];
  /**
   * Pure. A row that the decision relies on and does not change is not checked again at commit:
   * return it through `change` unchanged, unless what was relied on can never change.
   */
  decide(payload: Payload, view: View, context: DecisionContext): Decision;
}

/** One two-sided line of a posted transfer. Versions number the entries of each account. */
export interface Movement {
  readonly from: bigint;
  readonly to: bigint;
  readonly amount: bigint;
  readonly fromBalance: bigint;
  readonly toBalance: bigint;
  readonly fromVersion: bigint;
  readonly toVersion: bigint;
  /** Transfer of the entry before this one on each account; null where this is the first. */
  readonly fromPrevious: string | null;
  readonly toPrevious: string | null;
}

export interface PostedOutcome {
  readonly status: "posted";
  readonly transferId: string;
  readonly recordedAt: Date;
  /** True when this is the outcome of an earlier request with the same key. */
  readonly replayed: boolean;
  readonly movements: readonly Movement[];
  readonly result: JsonObject | null;
  readonly related: string | null;
}

export interface RefusedOutcome {
  readonly status: "refused";
  readonly transferId: string;
  readonly recordedAt: Date;
  readonly replayed: boolean;
  readonly code: ErrorCode;
  readonly details: JsonObject;
}

export type Outcome = PostedOutcome | RefusedOutcome;

/** `atomic`: all or none in one transaction. `independent`: each operation for itself. */
export type SubmitMode = "atomic" | "independent";

export interface PostingCounters {
  readonly operations: number;
  readonly batches: number;
  /** How often a batch had to go again: with locks, alone, or on a new connection. */
  readonly repeats: number;
}

export interface PostingEngine {
  /**
   * Resolves when the outcome is durable. Rejects with `idempotency_conflict` (the key was used for
   * another request), `overloaded` (queue full; nothing was done), `shutting_down`,
   * `database_unavailable` (unknown outcome: ask again with the same key) or the database's fault.
   */
  submit(operation: Operation): Promise<Outcome>;
  /**
   * Outcomes in the order of `operations`. Rejects as `submit` does, for all of them; but among
   * independent operations a reused key is a refused outcome of that operation alone.
   */
  submitMany(operations: readonly Operation[], mode: SubmitMode): Promise<Outcome[]>;
  /**
   * Decides without writing: what would happen now. A key that was used already tells its first outcome,
   * and is refused for another request as `submitMany` does. `recordedAt` is the database's clock.
   */
  preview(operations: readonly Operation[], mode: SubmitMode): Promise<Outcome[]>;
  /** Operations taken and not answered yet. */
  queueDepth(): number;
  /** Since the engine was made, for metrics. */
  counters(): PostingCounters;
  /** Takes no more work, finishes what it has, and closes its connections. */
  drain(): Promise<void>;
}
