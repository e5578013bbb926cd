/**
 * The rules of the books that the ledger registers: the rules of accounts, and how outcomes are
 * stored. They keep the engine free of tables and accounts.
 */
import type { BoundStatement, Queryable } from "../db/database.ts";
import type { DecidedOperation, KnownOutcome } from "./decide-batch.ts";
import type { DecisionContext, Movement, OperationTerms, Posting, View } from "./operation.ts";
import type { AnyRowBeside, RowChange, RowKey } from "./resource.ts";

/** The rows of a batch, and how a decision changes them. */
export interface MutableView extends View {
  put(change: RowChange): void;
}

/**
 * A check of a feature beside the ledger (freezes, budgets, consents) on every accepted posting, whatever its operation
 * type. It reads its own rows through the view, so that an operation type cannot leave it out.
 */
export interface PostingGuard {
  /** The row that the check needs beside each row of a resource. Absent: the check discovers its rows. */
  readonly beside?: AnyRowBeside;
  /**
   * Pure. Throws `Refused` for a posting that is not allowed; may `put` rows of its own, such as a used budget.
   * Its unchanged rows belong to the read set: those of a resource with `requireAsRead` are cached, and
   * checked in the transaction of the batch.
   */
  readonly check: (view: MutableView, posting: Posting, context: DecisionContext) => void;
}

export interface PostingRules {
  /**
   * Applies an accepted posting to the view and returns its movements. Pure. Throws `Refused` at
   * the first broken rule; the view is half changed then, and the engine rolls it back.
   */
  apply(view: MutableView, posting: Posting, context: DecisionContext): readonly Movement[];
  /** The rows of an operation's `expects`, read ahead. */
  expectedRows(expects: NonNullable<OperationTerms["expects"]>): readonly RowKey[];
  /** One statement that stores new outcomes and returns `recordedAt`, the same for all of them. */
  insertOutcomes(decided: readonly DecidedOperation[]): BoundStatement;
  /** The stored outcomes of these ids; ids without an outcome are left out. */
  readOutcomes(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, KnownOutcome>>;
}
