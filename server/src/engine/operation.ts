/**
 * What the posting engine is asked for, how an operation type decides, and what comes back.
 *
 * An operation is plain data under its operation type (operation-type.ts). The type decides it as a pure
 * function of rows: no I/O, no clock, no randomness, so that a batch can be decided again from other rows
 * and give the right answer. Other features (market, items) register operation types beside the ledger's
 * own and post in the same transaction.
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

/** What an operation type keeps with its transfer; null: nothing. */
export type OperationResult = JsonObject | null;

/** What every operation may carry beside its payload: stored with the transfer, and shown again. */
export interface OperationDetails {
  /** When it happened for the books; balances are ordered by recording only. */
  readonly effectiveAt?: Date | undefined;
  readonly reference?: string | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** Who asks, and under which conditions. */
export interface OperationTerms extends OperationDetails {
  /** A platform's id, or a part of this server. Idempotency keys live in its scope. */
  readonly caller: string;
  /**
   * With a key the first outcome (posted or refused) is frozen and replayed. `fingerprint` comes from
   * `fingerprintOf(request)`; another one under the same key is `idempotency_conflict`.
   */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string } | undefined;
  /** If-Match: refused with `precondition_failed` unless each account is at this revision. */
  readonly expects?: readonly { readonly account: bigint; readonly revision: bigint }[] | undefined;
}

/**
 * One operation with its payload inside; only `operationOf` makes one. It is a class so that a copy by
 * spread, which would lose the payload, is a type error.
 */
export abstract class Operation<
  Result extends OperationResult = OperationResult,
> implements OperationTerms {
  readonly caller: string;
  readonly idempotency: OperationTerms["idempotency"];
  readonly effectiveAt: OperationTerms["effectiveAt"];
  readonly reference: OperationTerms["reference"];
  readonly metadata: OperationTerms["metadata"];
  readonly expects: OperationTerms["expects"];
  abstract readonly type: { readonly name: string };

  constructor(terms: OperationTerms) {
    this.caller = terms.caller;
    this.idempotency = terms.idempotency;
    this.effectiveAt = terms.effectiveAt;
    this.reference = terms.reference;
    this.metadata = terms.metadata;
    this.expects = terms.expects;
  }

  /** As `OperationType.touches`, for this payload. */
  abstract touches(): readonly Touch[];
  /** As `OperationType.decide`, for this payload. */
  abstract decide(view: View, context: DecisionContext): Decision<Result>;
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

/** What an accepted operation changes. Legs are checked by the engine against every account rule. */
export interface Effects {
  readonly legs?: readonly Leg[];
  readonly reserves?: readonly Reserve[];
  readonly changes?: readonly RowChange[];
  /** The transfer or hold that this one captures, voids or gives back. */
  readonly related?: string;
}

/** An accepted operation. Its result is kept with the transfer and returned again on replay. */
export type Posting<Result extends OperationResult = OperationResult> = Effects &
  (Result extends null ? { readonly result?: null } : { readonly result: Result });

/** A business no: frozen under the operation's key. `code` is a 4xx of the error catalogue. */
export interface Refusal {
  readonly refuse: ErrorCode;
  readonly details?: JsonObject;
}

export type Decision<Result extends OperationResult = OperationResult> = Posting<Result> | Refusal;

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

export interface PostedOutcome<Result extends OperationResult = OperationResult> {
  readonly status: "posted";
  readonly transferId: string;
  readonly recordedAt: Date;
  /** True when this is the outcome of an earlier request with the same key. */
  readonly replayed: boolean;
  readonly movements: readonly Movement[];
  readonly result: Result;
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

export type Outcome<Result extends OperationResult = OperationResult> =
  | PostedOutcome<Result>
  | RefusedOutcome;

/** The outcomes of these operations, in their order. */
export type OutcomesOf<Operations extends readonly Operation[]> = {
  -readonly [Index in keyof Operations]: Operations[Index] extends Operation<infer Result>
    ? Outcome<Result>
    : never;
};

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
  submit<Result extends OperationResult>(operation: Operation<Result>): Promise<Outcome<Result>>;
  /**
   * Outcomes in the order of `operations`. Rejects as `submit` does, for all of them; but among
   * independent operations a reused key is a refused outcome of that operation alone.
   */
  submitMany<const Operations extends readonly Operation[]>(
    operations: Operations,
    mode: SubmitMode,
  ): Promise<OutcomesOf<Operations>>;
  /**
   * Decides without writing: what would happen now. A key that was used already tells its first outcome,
   * and is refused for another request as `submitMany` does. `recordedAt` is the database's clock.
   */
  preview<const Operations extends readonly Operation[]>(
    operations: Operations,
    mode: SubmitMode,
  ): Promise<OutcomesOf<Operations>>;
  /** Operations taken and not answered yet. */
  queueDepth(): number;
  /** Since the engine was made, for metrics. */
  counters(): PostingCounters;
  /** Takes no more work, finishes what it has, and closes its connections. */
  drain(): Promise<void>;
}
