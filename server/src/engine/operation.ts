/**
 * The operations of the posting engine, their decision, and their outcome.
 *
 * An operation is plain data under its operation type (operation-type.ts). The type decides it as a
 * pure function of rows: I/O, clock and randomness stay outside. So a batch can be decided again
 * from other rows and give the right answer. Market and items register operation types beside the
 * ledger's own and post in the same transaction.
 */
import type { ErrorCode } from "../errors/error-table.ts";
import type { ErrorDetails } from "../errors/errors.ts";
import type { Resource, RowBeside, RowChange, RowId, RowKey } from "./resource.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** The result that an operation type stores with its transfer; null: none. */
export type OperationResult = JsonObject | null;

/** Optional details of every operation: stored with the transfer, and shown again. */
export interface OperationDetails {
  /** The business time for the books; balances are ordered by recording only. */
  readonly effectiveAt?: Date | undefined;
  readonly reference?: string | undefined;
  /** Why, for both sides to read. */
  readonly reason?: string | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** A payment of this account that the other platform takes part in. */
export interface ConsentUse {
  readonly account: bigint;
  readonly platform: string;
  readonly verb: "transfer" | "hold";
}

/** The caller and the conditions of an operation. */
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
  /** Payments that need the payer's consent to another platform; the batch checks and counts them. */
  readonly consents?: readonly ConsentUse[] | undefined;
  /** Of a compatibility login: the payer, and what they spend in total without a proof. */
  readonly spendingCap?: { readonly userId: string; readonly cap: bigint } | undefined;
  /** The linked identity whose login asks for the user; recorded beside the transfer. */
  readonly through?: string | undefined;
  /** True once a starter grant was refused: the operation is decided without it. */
  readonly withoutClaim?: true | undefined;
}

/**
 * One operation with its payload inside; only `operationOf` makes one. It is a class so that a copy by
 * spread, which would lose the payload, is a type error.
 */
export abstract class Operation<Result extends OperationResult = OperationResult> {
  readonly terms: OperationTerms;
  abstract readonly type: { readonly name: string };

  constructor(terms: OperationTerms) {
    this.terms = terms;
  }

  /** As `OperationType.readWriteSet`, for this payload. */
  abstract readWriteSet(): readonly RowKey[];
  /** The same operation under other terms. */
  abstract withTerms(terms: OperationTerms): Operation<Result>;
  /** As `OperationType.decide`, for this payload. */
  abstract decide(view: View, context: DecisionContext): Decision<Result>;
}

/** Signed amount in minor units for one account; the legs of a posting sum to zero per currency. */
export interface Leg {
  readonly account: bigint;
  readonly amount: bigint;
}

/** Change of an account's reserved amount (holds); the money stays. */
export interface Reserve {
  readonly account: bigint;
  readonly amount: bigint;
}

/** Part of an account's balance that becomes locked. */
export interface Lock {
  readonly account: bigint;
  readonly amount: bigint;
}

/**
 * The effects of an accepted operation. The engine checks its legs against every account rule. A
 * function that returns some of them names those as required (`Refusal` says why).
 */
export interface Effects {
  readonly legs?: readonly Leg[];
  readonly reserves?: readonly Reserve[];
  /** Locks money that the legs have brought. */
  readonly locks?: readonly Lock[];
  /** The payers of the legs may use their locked coins, and use them first: a sale of the official shop. */
  readonly paysLocked?: boolean;
  readonly changes?: readonly RowChange[];
  /**
   * Sides whose freezes of users do not stop this posting: an operator may take money from a frozen user. With
   * `erasure` it ends the affairs of an erased user.
   */
  readonly overrides?: readonly ("platform" | "operator" | "audit" | "erasure")[];
  /** The transfer or hold that this one captures, voids or gives back. */
  readonly related?: string;
}

/** An accepted operation. Its result is kept with the transfer and returned again on replay. */
export type Posting<Result extends OperationResult = OperationResult> = Effects &
  (Result extends null ? { readonly result?: null } : { readonly result: Result });

/** Facts of a refusal that are stored with it, and its rule and remedy. */
export type RefusalDetails = JsonObject & ErrorDetails;

/**
 * A refusal: frozen under the operation's key. `code` is a 4xx of the error catalogue. The details are
 * required, if only empty, where a function returns this type. Were they optional, the compiler would
 * merge a misspelt refusal beside it into this type, and its check would miss the unread member.
 */
export interface Refusal {
  readonly refuse: ErrorCode;
  readonly details: RefusalDetails;
}

/** A refusal whose details may be left out. */
export type PlainRefusal = Refusal | { readonly refuse: ErrorCode; readonly details?: never };

export type Decision<Result extends OperationResult = OperationResult> =
  | Posting<Result>
  | PlainRefusal;

/** The rows as the earlier operations of the batch left them. */
export interface View {
  /**
   * The row, or undefined for a missing one. An unread row ends this attempt: the engine reads it
   * and decides the batch again, so `get` may discover rows from other rows.
   */
  get<Id extends RowId, Row extends object>(resource: Resource<Id, Row>, id: Id): Row | undefined;
  /** As `get` for each, in order; unread ones are read at once. */
  getAll<Id extends RowId, Row extends object>(
    resource: Resource<Id, Row>,
    ids: readonly Id[],
  ): (Row | undefined)[];
  /** The rows beside these, by these rows' ids; missing ones are left out. Unread ones are read at once. */
  getAllBeside<OfId extends RowId, Id extends RowId, Row extends object>(
    beside: RowBeside<OfId, Id, Row>,
    ids: readonly OfId[],
  ): ReadonlyMap<OfId, Row>;
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
  readonly details: RefusalDetails;
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

/** `atomic`: all or none in one transaction. `independent`: each operation by itself. */
export type SubmitMode = "atomic" | "independent";

export interface PostingCounters {
  readonly operations: number;
  readonly batches: number;
  /** Counts retries of batches: with locks, alone, or on a new connection. */
  readonly repeats: number;
  /** Rows that decisions asked the row cache for, and those that it had. */
  readonly cacheReads: number;
  readonly cacheHits: number;
}

export interface PostingEngine {
  /**
   * Resolves when the outcome is durable. Rejects with `idempotency_conflict` (the key belongs to
   * another request), `overloaded` (queue full; unposted), `shutting_down`, `database_unavailable`
   * (unknown outcome: ask again with the same key) or the database's fault.
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
   * Decides read-only: returns the outcome as of now. A used key gives its first outcome, and is
   * refused for another request as `submitMany` does. `recordedAt` is the database's clock.
   */
  preview<const Operations extends readonly Operation[]>(
    operations: Operations,
    mode: SubmitMode,
  ): Promise<OutcomesOf<Operations>>;
  /** Operations accepted and still unanswered. */
  queueDepth(): number;
  /** Since the engine was made, for metrics. */
  counters(): PostingCounters;
  /** Refuses further work, finishes the present, and closes its connections. */
  drain(): Promise<void>;
}
