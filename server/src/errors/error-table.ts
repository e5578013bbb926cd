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
import { APPROVAL_ERRORS } from "./approval-errors.ts";
import { OPERATOR_ERRORS } from "./operator-errors.ts";
import { LINK_ERRORS } from "./link-errors.ts";
import { PLATFORM_ERRORS } from "./platform-errors.ts";
import { PRIVACY_ERRORS } from "./privacy-errors.ts";
import { REPAIR_ERRORS } from "./repair-errors.ts";
import { REQUEST_ERRORS } from "./request-errors.ts";
import { SERVER_ERRORS } from "./server-errors.ts";

export const ERRORS = withDefaults(
  combineTopics(
    REQUEST_ERRORS,
    PLATFORM_ERRORS,
    PRIVACY_ERRORS,
    OPERATOR_ERRORS,
    APPROVAL_ERRORS,
    LINK_ERRORS,
    LEDGER_ERRORS,
    ITEM_ERRORS,
    SERVER_ERRORS,
    REPAIR_ERRORS,
  ),
);

export type ErrorCode = keyof typeof ERRORS;
