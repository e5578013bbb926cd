/** Errors as the clients of /api/shared and /api/allinone read them (docs/contract.md 1). */
import type { ErrorDetails, NewDayError } from "../../errors/errors.ts";
import { toWireDetails } from "../../errors/wire-details.ts";

/** The union of the four envelopes that the clients read; the id is absent when the request is not HTTP. */
export function toEnvelope(error: NewDayError, requestId?: string): Record<string, unknown> {
  const { contractCode } = error.definition;
  const detail = {
    ...toWireDetails(withRemedy(error)),
    ...(requestId === undefined ? {} : { requestId }),
  };
  const message = describe(error);
  const { missingFields, existingItem } = error.details;
  return {
    success: false,
    message,
    error: message,
    errorCode: contractCode,
    code: contractCode,
    errorDetail: detail,
    details: detail,
    ...(requestId === undefined ? {} : { requestId }),
    ...(missingFields === undefined ? {} : { missingFields }),
    ...(existingItem === undefined ? {} : { existingItem }),
  };
}

/** Where a rule stands, its remedy does: that of the code, unless the rule has one of its own. */
function withRemedy({ details, definition }: NewDayError): ErrorDetails {
  return details.rule === undefined ? details : { remedy: definition.remedy, ...details };
}

/** Readers of these clients read Chinese; the broken rule follows the general sentence. */
function describe(error: NewDayError): string {
  const { field, rule, missingFields } = error.details;
  if (missingFields !== undefined) return `${error.definition.message.zh} ${String(field)}`; // docs/contract.md 2.1
  if (error.code === "invalid_token") {
    if (field === undefined && rule) return rule.zh; // docs/contract.md 2.2
    if (field === "Authorization") return error.definition.message.zh; // docs/contract.md 9
  }
  const specifics = [field, rule?.zh].filter((part) => typeof part === "string").join(" ");
  return specifics ? `${error.definition.message.zh}：${specifics}` : error.definition.message.zh;
}
