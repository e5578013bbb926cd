/**
 * Operation types, and the operations made of them.
 *
 * The compiler checks payload and result from the route to the decision. An operation is made from
 * its type, which carries both; a bare name carries neither.
 */
import {
  Operation,
  type Decision,
  type DecisionContext,
  type JsonObject,
  type OperationResult,
  type OperationTerms,
  type View,
} from "./operation.ts";
import type { RowKey } from "./resource.ts";

export interface OperationType<Payload, Result extends OperationResult> {
  /** Unique, and kept with every transfer. */
  readonly name: string;
  /**
   * The read/write set: read ahead, and a conflicting operation waits for the next batch. Rows
   * discovered while deciding may be left out.
   */
  readonly readWriteSet: (payload: Payload) => readonly RowKey[];
  /**
   * Pure. A row that was read, matters to the decision and may change later is returned through
   * `change` unchanged, which has its revision checked at commit. Constant rows are exempt.
   */
  readonly decide: (payload: Payload, view: View, context: DecisionContext) => Decision<Result>;
}

/** Any operation type, where only its name and its identity matter. */
export type AnyOperationType = OperationType<never, OperationResult>;

/** Members of `Expected` only, at every depth: an unread member is a type error. */
export type Exactly<Expected, Given extends Expected> = Given & ExactlyDeep<Expected, Given>;

/** As `Exactly`, for one of several types. */
type ExactlyDeep<Expected, Given> =
  string extends KeyOf<Expected>
    ? Given
    : Given extends bigint | string | number | boolean | Date | null | undefined
      ? Given extends Expected
        ? Given
        : never
      : Given extends readonly unknown[]
        ? { readonly [Index in keyof Given]: ExactlyDeep<ElementOf<Expected>, Given[Index]> }
        : {
            readonly [Name in keyof Given]: Name extends KeyOf<Expected>
              ? ExactlyDeep<ValueOf<Expected, Name>, Given[Name]>
              : never;
          };
type ElementOf<List> = List extends readonly (infer Element)[] ? Element : never;
type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Name> = Union extends unknown
  ? Name extends keyof Union
    ? Union[Name]
    : never
  : never;

/**
 * Defines an operation type of this payload; `Result` is the type of its posted outcomes' result, null
 * for none. The second call infers the decision, so that a member which the engine would not read is a
 * type error.
 */
export function defineOperationType<Payload, Result extends JsonObject | null = null>() {
  return <Decided>(
    type: OperationType<Payload, Result> & {
      readonly decide: (
        payload: Payload,
        view: View,
        context: DecisionContext,
      ) => ExactlyDeep<Decision<Result>, Decided> & Decided;
    },
  ): OperationType<Payload, Result> => type;
}

/** The operation of this type and payload. An unknown member of either is a type error. */
export function operationOf<
  Payload,
  Result extends OperationResult,
  Given extends Payload,
  Terms extends OperationTerms,
>(
  type: OperationType<Payload, Result>,
  payload: Exactly<Payload, Given>,
  terms: Exactly<OperationTerms, Terms>,
): Operation<Result> {
  return new TypedOperation(type, payload, terms);
}

class TypedOperation<Payload, Result extends OperationResult> extends Operation<Result> {
  override readonly type: OperationType<Payload, Result>;
  readonly #payload: Payload;

  constructor(type: OperationType<Payload, Result>, payload: Payload, terms: OperationTerms) {
    super(terms);
    this.type = type;
    this.#payload = payload;
  }

  override readWriteSet(): readonly RowKey[] {
    return this.type.readWriteSet(this.#payload);
  }

  override withTerms(terms: OperationTerms): Operation<Result> {
    return new TypedOperation(this.type, this.#payload, terms);
  }

  override decide(view: View, context: DecisionContext): Decision<Result> {
    return this.type.decide(this.#payload, view, context);
  }
}
