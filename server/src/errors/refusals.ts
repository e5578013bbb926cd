/** Every refusal of the repair, one row each, and the function that raises them. */
import {
  fillMessage,
  type Message,
  type MessageValue,
  type Placeholders,
} from "../lib/messages.ts";
import { AFTERCARE_REFUSALS } from "./aftercare-refusals.ts";
import { DATABASE_REFUSALS } from "./database-refusals.ts";
import { combineTopics } from "./combine-topics.ts";
import type { ErrorCode } from "./error-table.ts";
import { NewDayError, type ErrorDetails } from "./errors.ts";
import { FILE_REFUSALS } from "./file-refusals.ts";
import { RUN_REFUSALS } from "./run-refusals.ts";
import { TLS_REFUSALS } from "./tls-refusals.ts";
import { USAGE_REFUSALS } from "./usage-refusals.ts";

export const REFUSALS = combineTopics(
  USAGE_REFUSALS,
  FILE_REFUSALS,
  DATABASE_REFUSALS,
  TLS_REFUSALS,
  RUN_REFUSALS,
  AFTERCARE_REFUSALS,
);

export type RefusalReason = keyof typeof REFUSALS;

type Row<Reason extends RefusalReason> = (typeof REFUSALS)[Reason];

/** The parameters of a refusal, by the placeholders of its English text. */
type ValuesOf<Reason extends RefusalReason> = Readonly<
  Record<
    Placeholders<Row<Reason>["message"]["en"]> | Placeholders<Row<Reason>["remedy"]["en"]>,
    MessageValue
  >
>;

interface RefusalFacts {
  /** Members of the error's details, for programs. */
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
  /** The class, where the same refusal ends a command in different ways. */
  readonly error?: ErrorCode;
}

/** The error of a refusal: `details.reason` names the row, the text fills its placeholders. */
export function refusal<Reason extends RefusalReason>(
  reason: Reason,
  values: ValuesOf<Reason>,
  { details = {}, cause, error = REFUSALS[reason].error }: RefusalFacts = {},
): NewDayError {
  const { message, remedy } = REFUSALS[reason];
  const text = fillMessage(joined(message, remedy), values);
  return new NewDayError(error, { ...details, reason }, { message: text, cause });
}

function joined(message: Message, remedy: Message): Message {
  return { en: `${message.en} ${remedy.en}`, zh: `${message.zh}${remedy.zh}` };
}
