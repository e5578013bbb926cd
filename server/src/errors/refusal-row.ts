/** The shape of a single refusal of the repair; its class in the error table decides the exit code. */
import type { Message } from "../lib/messages.ts";
import type { REPAIR_ERRORS } from "./repair-errors.ts";

export interface RefusalRow {
  readonly error: keyof typeof REPAIR_ERRORS;
  /** Placeholders in braces are parameters: the compiler demands their values. */
  readonly message: Message;
  readonly remedy: Message;
}

export type RefusalRows = Readonly<Record<string, RefusalRow>>;
