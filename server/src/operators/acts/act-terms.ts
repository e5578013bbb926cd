/** The terms of an act's operation. */
import type { OperationTerms } from "../../engine/operation.ts";
import type { ActContext } from "./act.ts";

/** A command of the machine is told apart from an operator of the same name. */
export function termsOfAct({ operator, idempotency }: ActContext): OperationTerms {
  const caller = operator.includes(":") ? operator : `operator:${operator}`;
  return { caller, idempotency };
}
