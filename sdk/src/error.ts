/** What a call rejects with when the server said no, or could not be reached. */
import type { Problem } from "./generated/api-types.ts";

/** `code` is stable: decide by it, never by a text. `requestId` is what support asks for. */
export class NewDayApiError extends Error {
  override readonly name = "NewDayApiError";
  readonly code: string;
  /** HTTP status, or 0 when no answer came. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** True when the same request, with the same idempotency key, may succeed later. */
  readonly retryable: boolean;
  /** How long the server asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** RFC 9457 members of the answer, with the field, the rule and the remedy. */
  readonly problem: Problem | undefined;

  constructor(
    message: string,
    facts: {
      code: string;
      status: number;
      requestId: string | undefined;
      retryable: boolean;
      retryAfterMs?: number | undefined;
      problem?: Problem | undefined;
      cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.code = facts.code;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryable = facts.retryable;
    this.retryAfterMs = facts.retryAfterMs;
    this.problem = facts.problem;
  }
}

/** Also true for an error of another copy of this package, where `instanceof` is not. */
export function isNewDayApiError(error: unknown): error is NewDayApiError {
  return error instanceof Error && error.name === "NewDayApiError" && "code" in error;
}
