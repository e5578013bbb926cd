/** The terms of a command that a user asks for on an older surface. */
import { fingerprintOf } from "../../../engine/identifiers.ts";
import type { OperationTerms } from "../../../engine/operation.ts";
import type { Session } from "../../../identity/sessions.ts";
import { termsOfActor, nameOfActor } from "../../auth/actor-terms.ts";

export type ContractActor = Pick<Session, "userId" | "spendingCap" | "through">;

/** `content` is what the key stands for: another content under the same key is a conflict. */
export function contractTerms(
  actor: ContractActor,
  key: string | undefined,
  content: object,
): OperationTerms {
  return {
    caller: nameOfActor(actor),
    ...termsOfActor(actor),
    idempotency: key === undefined ? undefined : { key, fingerprint: fingerprintOf(content) },
  };
}
