/** Shared by the commands that change a budget, a consent or a limit. */
import { createDryRunEngine } from "../../engine/dry-run.ts";
import type { JsonObject, Operation, OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { requirePosted } from "../../engine/outcome.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { Message } from "../../lib/messages.ts";
import { isVisible } from "../../lib/visible-text.ts";
import type {
  ModelChange,
  OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import type { PostingServices } from "../wallets/posting-services.ts";

/** From what to what a rule was changed. */
export type PolicyChange = {
  readonly subject: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
};

const REASON_LENGTH_MAX = 255;

/** The reason unchanged. Errors: `invalid_field` for an invisible one. */
export function requireReason(reason: string): string {
  const fits = reason.length <= REASON_LENGTH_MAX && isVisible(reason);
  requirePolicyField(fits, "reason", {
    en: `has 1 to ${REASON_LENGTH_MAX} characters, one of which can be seen`,
    zh: `长度为 1 到 ${REASON_LENGTH_MAX} 个字符，且至少有一个可见字符`,
  });
  return reason;
}

/** Errors: `invalid_field`. */
export function requirePolicyField(holds: boolean, field: string, rule: Message): void {
  if (!holds) throw new NewDayError("invalid_field", { field, rule });
}

/** The terms of an operator's command. */
export function operatorTerms({ operator }: OperatorContext): OperationTerms {
  return { caller: `operator:${operator}` };
}

/** The change as a command prints it. Errors: the refusal. */
export function changeOf(what: string, { outcome }: Submitted<PolicyChange>): ModelChange {
  const { subject, before, after } = requirePosted(outcome).result;
  return { what, subject, before, after, accounts: 0n };
}

/** Posts the operator's change, or previews it. Errors: the refusal, and those of the engine. */
export async function submitPolicyChange(
  { engine }: Pick<PostingServices, "engine">,
  { dryRun }: OperatorContext,
  { what, operation }: { readonly what: string; readonly operation: Operation<PolicyChange> },
): Promise<ModelChange> {
  const posting = dryRun ? createDryRunEngine(engine) : engine;
  return changeOf(what, await submitOperation(posting, operation));
}
