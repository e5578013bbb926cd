/**
 * The decision of a whole batch: a pure function of (rows read, outcomes already stored,
 * operations).
 *
 * Operations are decided in order, each seeing the rows as the earlier ones left them. A refused
 * one leaves the rows as they were; an atomic group posts wholly or is refused. Deciding the same
 * units one at a time gives the same outcomes (property-tested).
 */
import { ERRORS, type ErrorCode } from "../errors/error-table.ts";
import type { PostingRules } from "./posting-rules.ts";
import type {
  DecisionContext,
  JsonObject,
  Movement,
  Operation,
  PlainRefusal,
  Posting,
  RefusalDetails,
  SubmitMode,
} from "./operation.ts";
import type { RowKey } from "./resource.ts";
import { Refused } from "./refused.ts";
import { RowsNotRead, type WorkingSet } from "./working-set.ts";

/** An operation with the id that it will have in the books. */
export interface PreparedOperation {
  readonly operation: Operation;
  readonly transferId: string;
}

/** The operations of one submission. */
export interface Unit {
  readonly operations: readonly PreparedOperation[];
  readonly mode: SubmitMode;
  /** Rows that the operations announced. */
  readonly readWriteSet: readonly RowKey[];
}

/** An outcome before the database has set its time. */
export type DecidedOutcome =
  | {
      readonly status: "posted";
      readonly movements: readonly Movement[];
      readonly result: JsonObject | null;
      readonly related: string | null;
    }
  | { readonly status: "refused"; readonly code: ErrorCode; readonly details: RefusalDetails };

/** The first outcome of an id, from the database or from earlier in the batch. */
export interface KnownOutcome {
  readonly decision: DecidedOutcome;
  readonly fingerprint: string | null;
  /** Absent while the outcome is part of the batch being decided. */
  readonly recordedAt?: Date;
  /** Its caller was erased; a new user may have the id, and so the keys, of before. */
  readonly isOfErased?: boolean;
}

export interface DecidedOperation {
  readonly prepared: PreparedOperation;
  /** undefined: the key was used for another request. */
  readonly known: KnownOutcome | undefined;
  readonly replayed: boolean;
  /** True for a refusal that is about the form of the request, or of another one of its group. */
  readonly keyStaysFree: boolean;
}

export interface DecidedBatch {
  /** Per unit, in order. */
  readonly units: readonly (readonly DecidedOperation[])[];
  /** New outcomes that belong into the books, in order. */
  readonly newOutcomes: readonly DecidedOperation[];
}

export interface DecisionInput {
  readonly rows: WorkingSet;
  readonly stored: ReadonlyMap<string, KnownOutcome>;
  readonly now: Date;
}

/**
 * Decides all units, or returns the further rows that it has to read. Leaves the changed rows in
 * `input.rows`.
 */
export function decideBatch(
  rules: PostingRules,
  units: readonly Unit[],
  input: DecisionInput,
): DecidedBatch | { readonly missing: readonly RowKey[] } {
  const batch = new BatchDecision(rules, input);
  const decided = units.map((unit) => batch.decideUnit(unit));
  if (batch.missing.length > 0) {
    input.rows.reset();
    return { missing: batch.missing };
  }
  return { units: decided, newOutcomes: decided.flat().filter(belongsIntoBooks) };
}

/** Refusals are frozen only under a key, by which a caller can ask for them again. */
function belongsIntoBooks({ prepared, known, replayed, keyStaysFree }: DecidedOperation): boolean {
  if (replayed || !known || known.recordedAt || keyStaysFree) return false;
  return known.decision.status === "posted" || prepared.operation.terms.idempotency !== undefined;
}

/** The sender mends the request, and sends it under the same key. */
function leavesKeyFree(decision: DecidedOutcome): boolean {
  return decision.status === "refused" && ERRORS[decision.code].aboutForm;
}

class BatchDecision {
  readonly missing: RowKey[] = [];
  readonly #rules: PostingRules;
  readonly #input: DecisionInput;
  /** Decided in this batch, by transfer id. */
  readonly #decided = new Map<string, KnownOutcome>();

  constructor(rules: PostingRules, input: DecisionInput) {
    this.#rules = rules;
    this.#input = input;
  }

  decideUnit(unit: Unit): DecidedOperation[] {
    const mark = this.#input.rows.mark();
    const decided = unit.operations.map((prepared) => this.#decide(prepared));
    if (unit.mode === "independent" || decided.every(isPosted)) return decided;
    this.#input.rows.rollback(mark);
    const keysStayFree = decided.some((one) => one.keyStaysFree);
    return decided.map((one) => this.#undo(one, keysStayFree));
  }

  #decide(prepared: PreparedOperation): DecidedOperation {
    const { operation, transferId } = prepared;
    const first = this.#input.stored.get(transferId) ?? this.#decided.get(transferId);
    if (first) return replay(prepared, first);
    const known = {
      decision: this.#decidedOutcome(prepared),
      fingerprint: operation.terms.idempotency?.fingerprint ?? null,
    };
    const keyStaysFree = leavesKeyFree(known.decision);
    if (!keyStaysFree) this.#decided.set(transferId, known);
    return { prepared, known, replayed: false, keyStaysFree };
  }

  #decidedOutcome({ operation, transferId }: PreparedOperation): DecidedOutcome {
    const { rows, now } = this.#input;
    const mark = rows.mark();
    const context: DecisionContext = { now, transferId, operation };
    try {
      const decision = this.#posting(context);
      if (!("refuse" in decision)) return decision;
      return refused(decision);
    } catch (error) {
      rows.rollback(mark);
      if (error instanceof Refused) return refused(error.refusal);
      if (!(error instanceof RowsNotRead)) throw error;
      this.missing.push(...error.keys);
      return { status: "refused", code: "internal", details: {} }; // this attempt is discarded
    }
  }

  #posting(context: DecisionContext): (DecidedOutcome & { status: "posted" }) | PlainRefusal {
    const { rows } = this.#input;
    const decision = context.operation.decide(rows, context);
    if ("refuse" in decision) return decision;
    return posted(decision, this.#rules.apply(rows, decision, context));
  }

  /** Operations accepted earlier in a refused group are refused with it. */
  #undo(one: DecidedOperation, keyStaysFree: boolean): DecidedOperation {
    if (one.replayed || !one.known) return one;
    const { operation, transferId } = one.prepared;
    const known: KnownOutcome = isPosted(one)
      ? {
          decision: { status: "refused", code: "atomic_group_refused", details: {} },
          fingerprint: operation.terms.idempotency?.fingerprint ?? null,
        }
      : one.known;
    if (keyStaysFree) this.#decided.delete(transferId);
    else this.#decided.set(transferId, known);
    return { ...one, known, keyStaysFree };
  }
}

function refused({ refuse, details }: PlainRefusal): DecidedOutcome {
  return { status: "refused", code: refuse, details: details ?? {} };
}

function posted(
  { result, related }: Posting,
  movements: readonly Movement[],
): DecidedOutcome & { status: "posted" } {
  return { status: "posted", movements, result: result ?? null, related: related ?? null };
}

function replay(prepared: PreparedOperation, first: KnownOutcome): DecidedOperation {
  const fingerprint = prepared.operation.terms.idempotency?.fingerprint ?? null;
  if (first.isOfErased) return { ...ERASED_REPLAY, prepared, known: { ...first, ...ERASED_KEY } };
  const same = first.fingerprint === fingerprint;
  // Without a key only our own second attempt can find the id: the first answer was lost.
  return {
    prepared,
    known: same ? first : undefined,
    replayed: fingerprint !== null,
    keyStaysFree: false,
  };
}

const ERASED_REPLAY = { replayed: true, keyStaysFree: false } as const;
const ERASED_KEY: Pick<KnownOutcome, "decision"> = {
  decision: {
    status: "refused",
    code: "idempotency_conflict",
    details: {
      field: "Idempotency-Key",
      rule: {
        en: "belongs to a request of a user who was erased",
        zh: "属于一位已被抹除的用户的请求",
      },
    },
  },
};

function isPosted({ known }: DecidedOperation): boolean {
  return known?.decision.status === "posted";
}
