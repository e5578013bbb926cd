/**
 * The error table: every refusal and fault of New Day, one row a code.
 *
 * A rule throws `NewDayError` with a code of this table; the edges translate it: HTTP status and
 * envelope in `http/plugins/error-handler.ts`, exit code and text in `cli/`.
 */
import { combineTopics } from "./combine-topics.ts";
import { withDefaults } from "./error-row.ts";
import { ITEM_ERRORS } from "./item-errors.ts";
import { LEDGER_ERRORS } from "./ledger-errors.ts";
import { REPAIR_ERRORS } from "./repair-errors.ts";
import { REQUEST_ERRORS } from "./request-errors.ts";
import { SERVER_ERRORS } from "./server-errors.ts";

export const ERRORS = withDefaults(
  combineTopics(REQUEST_ERRORS, LEDGER_ERRORS, ITEM_ERRORS, SERVER_ERRORS, REPAIR_ERRORS),
);

export type ErrorCode = keyof typeof ERRORS;
