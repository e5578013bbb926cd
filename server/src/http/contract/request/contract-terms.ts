/** The terms of a command that a user asks for on an older surface. */
import { fingerprintOf } from "../../../engine/identifiers.ts";
import type { OperationTerms } from "../../../engine/operation.ts";
import { capOf, nameOfActor } from "../../auth/actor-terms.ts";

export interface ContractActor {
  readonly userId: string;
  readonly spendingCap: bigint | null;
}

/** `content` is what the key stands for: another content under the same key is a conflict. */
export function contractTerms(
  actor: ContractActor,
  key: string | undefined,
  content: object,
): OperationTerms {
  return {
    caller: nameOfActor(actor),
    ...capOf(actor),
    idempotency: key === undefined ? undefined : { key, fingerprint: fingerprintOf(content) },
  };
}
