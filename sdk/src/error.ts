/** The rejection of a call: the server refused it or was unreachable. */
import type { Problem } from "./generated/api-types.ts";
import type { ErrorCode } from "./generated/error-codes.ts";

/** Decide by `code`, which is stable; texts may change. Give `requestId` to support. */
export class NewDayApiError extends Error {
  override readonly name = "NewDayApiError";
  readonly code: ErrorCode;
  /** HTTP status, or 0 when the server was unreachable. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** True when the same request, with the same idempotency key, may succeed later. */
  readonly retryable: boolean;
  /** The server's `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** RFC 9457 members of the answer, with the field, the rule and the remedy. */
  readonly problem: Problem | undefined;

  constructor(
    message: string,
    facts: {
      code: ErrorCode;
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

/** Also true for an error of another copy of this package, where `instanceof` fails. */
export function isNewDayApiError(error: unknown): error is NewDayApiError {
  return error instanceof Error && error.name === "NewDayApiError" && "code" in error;
}
