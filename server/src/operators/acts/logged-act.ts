/** Decides an act, and adds its row of the operators' log to the same posting. */
import {
  Operation,
  type Decision,
  type DecisionContext,
  type JsonObject,
  type OperationResult,
  type OperationTerms,
  type PlainRefusal,
  type View,
} from "../../engine/operation.ts";
import { rowKey, type RowChange, type RowKey } from "../../engine/resource.ts";
import { logAct } from "../../identity/operator-changes/act-rows.ts";
import type { Act, ActChange, DecidedAct } from "./act.ts";
import { approvals } from "./approval-rows.ts";
import { countAlone, decidedApproval, requirePending } from "./second-person.ts";

/** Stored with the transfer, so that a repeated request is answered with it. */
export type LoggedResult = JsonObject & {
  readonly change: ActChange;
  /** The approval that the act waits for, or was done by. */
  readonly approval: string | null;
  readonly waits: boolean;
  /** Of an act that makes its subject; a repeated request cannot name it otherwise. */
  readonly madeSubject?: string;
};

/** By whom an act is done: alone, by an approval, or as a preview of the approval. */
export type ActAuthority =
  | { readonly person: string }
  | { readonly approval: string; readonly approver: string }
  | "preview";

export interface LoggedActTerms {
  /** As the log names who asked for it. */
  readonly operator: string;
  readonly what: string;
  readonly authority: ActAuthority;
}

/** The act as an operation of the type that it consists of. */
export function loggedAct<Result extends OperationResult>(
  act: Act<Result>,
  terms: LoggedActTerms,
): Operation<LoggedResult> {
  return new LoggedAct(act, terms);
}

class LoggedAct<Result extends OperationResult> extends Operation<LoggedResult> {
  override readonly type: { readonly name: string };
  readonly #act: Act<Result>;
  readonly #terms: LoggedActTerms;

  constructor(act: Act<Result>, terms: LoggedActTerms) {
    super(act.operation.terms);
    this.type = act.operation.type;
    this.#act = act;
    this.#terms = terms;
  }

  override readWriteSet(): readonly RowKey[] {
    const approval = approvalOf(this.#terms.authority);
    const rows = this.#act.operation.readWriteSet();
    return approval === null ? rows : [...rows, rowKey(approvals, approval)];
  }

  override withTerms(terms: OperationTerms): Operation<LoggedResult> {
    const operation = this.#act.operation.withTerms(terms);
    return new LoggedAct({ ...this.#act, operation }, this.#terms);
  }

  override decide(view: View, context: DecisionContext): Decision<LoggedResult> {
    const { operation, describe, subject, userId } = this.#act;
    const posting = operation.decide(view, context);
    if ("refuse" in posting) return posting;
    const decided = { posting, context };
    const authorized = this.#authorize(view, decided);
    if ("refuse" in authorized) return authorized;
    const change = describe(view, decided);
    const approval = approvalOf(this.#terms.authority);
    const changes = [...(posting.changes ?? []), ...authorized, this.#log(context, change)];
    const named = userId === null ? { madeSubject: subject } : {};
    const result = { ...posting.result, ...named, change, approval, waits: false };
    return { ...posting, changes, result };
  }

  /** The rows that say by whom the act is done. */
  #authorize(view: View, decided: DecidedAct<Result>): RowChange[] | PlainRefusal {
    const { authority, what } = this.#terms;
    const { subject, userId, weigh } = this.#act;
    if (authority === "preview") return [];
    const { context } = decided;
    if ("person" in authority)
      return countAlone(view, context, { person: authority.person, weight: weigh(decided) });
    const row = requirePending(view, context, authority.approval);
    if ("refuse" in row) return row;
    const approved = { status: "done", decidedBy: authority.approver } as const;
    return [
      decidedApproval(row, context, approved),
      logAct(`${context.transferId} approval`, {
        operator: authority.approver,
        what: "approval approve",
        subject: row.id,
        reason: null,
        before: { status: "pending" },
        after: { status: "done", what, subject, userId },
      }),
    ];
  }

  #log({ transferId }: DecisionContext, { before, after }: ActChange): RowChange {
    const { operator, what, authority } = this.#terms;
    const { subject, userId, reason } = this.#act;
    const approval = approvalOf(authority);
    return logAct(transferId, {
      operator,
      what,
      subject,
      reason,
      before,
      after: {
        ...after,
        ...(userId === null ? {} : { userId }),
        transferId,
        ...(approval === null ? {} : { approval }),
      },
    });
  }
}

function approvalOf(authority: ActAuthority): string | null {
  return typeof authority === "object" && "approval" in authority ? authority.approval : null;
}
