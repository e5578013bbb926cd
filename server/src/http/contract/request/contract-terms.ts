/** The terms of a command that a user asks for on an older surface. */
import { fingerprintOf } from "../../../engine/identifiers.ts";
import type { OperationTerms } from "../../../engine/operation.ts";

/** `content` is what the key stands for: another content under the same key is a conflict. */
export function contractTerms(
  userId: string,
  key: string | undefined,
  content: object,
): OperationTerms {
  return {
    caller: `user:${userId}`,
    idempotency: key === undefined ? undefined : { key, fingerprint: fingerprintOf(content) },
  };
}
