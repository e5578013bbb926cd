/** An act of an operator on a user's money or things, ready to be posted with its row in the log. */
import type {
  DecisionContext,
  JsonObject,
  Operation,
  OperationResult,
  Posting,
  View,
} from "../../engine/operation.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { OperatorRole } from "../roles.ts";

/** From what to what an act changes its subject. */
export type ActChange = {
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
};

/** What is compared with the limit of a second person; `always`: every such act needs one, `never`: none does. */
export type ActWeight = "always" | "never" | { readonly currency: string; readonly amount: bigint };

/** A posting that was decided, and from what. */
export interface DecidedAct<Result extends OperationResult> {
  readonly posting: Posting<Result>;
  readonly context: DecisionContext;
}

export interface Act<Result extends OperationResult = OperationResult> {
  /** Whom or what it changes, as in the log. */
  readonly subject: string;
  /** The user whose it is, for the erasure of the log; null without one. */
  readonly userId: string | null;
  readonly reason: string;
  readonly operation: Operation<Result>;
  /** Pure, of the rows that the operation was decided from. */
  readonly describe: (view: View, decided: DecidedAct<Result>) => ActChange;
  readonly weigh: (decided: DecidedAct<Result>) => ActWeight;
}

/** A request as JSON, so that it can wait for a second person. */
export type ActRequest = JsonObject & { readonly reason: string };

/** A kind of act: what a request of it becomes, judged by the present state. */
export interface ActKind<Request extends ActRequest, Result extends OperationResult> {
  /** As in the log: `user adjust`. */
  readonly what: string;
  readonly role: OperatorRole;
  readonly prepare: (
    services: PostingServices,
    context: ActContext,
    request: Request,
  ) => Promise<Act<Result>>;
}

/** Who acts, and how. */
export interface ActContext {
  /** As the log names them. */
  readonly operator: string;
  /** The person behind the operator, who may act by a key. */
  readonly person: string;
  readonly role: OperatorRole;
  readonly dryRun: boolean;
  /** The request's key; undefined for a command of the machine. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string } | undefined;
}

/** What an act did, would do, or waits to do. */
export interface ActOutcome extends ActChange {
  readonly what: string;
  readonly subject: string;
  /** The posting in the books; null for a preview and for an act that waits. */
  readonly transferId: string | null;
  /** The approval that the act waits for, or was done by. */
  readonly approval: string | null;
  /** True: a second person decides. */
  readonly needsApproval: boolean;
  readonly replayed: boolean;
  readonly dryRun: boolean;
  /** A credential that it made, shown this once. */
  readonly secret?: string;
}
