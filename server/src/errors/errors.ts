/** The error that carries a code of the table from the broken rule to the edge. */
import type { Message } from "../lib/messages.ts";
import type { ErrorDefinition } from "./error-row.ts";
import { ERRORS, type ErrorCode } from "./error-table.ts";

/** Members of the answer beside the code: `field`, `rule`, `remedy`, and facts. */
export type ErrorDetails = Readonly<Record<string, unknown>> & {
  readonly rule?: Message;
  readonly remedy?: Message;
};

interface ErrorOptions {
  /** Replaces the message of the code; it then says its own remedy, here or in the message. */
  readonly message?: Message;
  readonly remedy?: Message;
  readonly cause?: unknown;
}

/**
 * A refusal or a fault with a code of the table. `message` and `text` are safe for every reader;
 * PostgreSQL's own words travel as `cause` and reach the log and the operator's commands only.
 */
export class NewDayError extends Error {
  override readonly name = "NewDayError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  /** The message in both languages; the edge chooses one. */
  readonly text: Message;
  /** The next step; undefined when the message names it. */
  readonly remedy: Message | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options: ErrorOptions = {}) {
    const { message: text = ERRORS[code].message, cause } = options;
    super(text.en, { cause });
    this.code = code;
    this.details = details;
    this.text = text;
    this.remedy = options.remedy ?? (options.message ? undefined : ERRORS[code].remedy);
  }

  get definition(): ErrorDefinition {
    return ERRORS[this.code];
  }
}

export function isNewDayError(error: unknown): error is NewDayError {
  return error instanceof NewDayError;
}
