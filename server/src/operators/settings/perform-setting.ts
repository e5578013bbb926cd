/** Changes settings on behalf of an operator: makes the change, previews it, or asks a second person. */
import { operationOf } from "../../engine/operation-type.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { ModelChange } from "../../identity/operator-changes/operator-changes.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { ActContext, ActOutcome, ActRequest } from "../acts/act.ts";
import { termsOfAct } from "../acts/act-terms.ts";
import { askApprovalOperation } from "../acts/ask-approval.ts";
import { outcomeOf } from "../acts/perform-act.ts";
import { changeContextOf, type SettingKind, type SettingServices } from "./setting.ts";

/** Errors: the refusal of the change, `idempotency_conflict`, and those of the engine. */
export async function performSetting<Request extends ActRequest>(
  services: SettingServices,
  context: ActContext,
  kind: SettingKind<Request>,
  request: Request,
): Promise<ActOutcome> {
  const needsApproval = kind.needsApproval(request);
  if (needsApproval && !context.dryRun) return askSetting(services, context, kind, request);
  const change = await kind.perform(services, changeContextOf(context, request), request);
  return { ...settingOutcome(change, context), needsApproval };
}

/** A change as the outcome of an act. */
export function settingOutcome(
  { what, subject, before, after, secret, replayed = false }: ModelChange,
  { dryRun }: Pick<ActContext, "dryRun">,
): ActOutcome {
  return {
    what,
    subject,
    before,
    after,
    transferId: null,
    approval: null,
    needsApproval: false,
    replayed,
    dryRun,
    ...(secret === undefined ? {} : { secret }),
  };
}

/** Nothing changes but the approval that waits; a refusal leaves none. */
async function askSetting<Request extends ActRequest>(
  services: SettingServices,
  context: ActContext,
  kind: SettingKind<Request>,
  request: Request,
): Promise<ActOutcome> {
  const { operator, person, role } = context;
  const { what, userIdOf } = kind;
  const subject = kind.subjectOf(request);
  const terms = termsOfAct(context);
  const prepare = async () => {
    const preview = changeContextOf({ ...context, dryRun: true }, request);
    const { before, after } = await kind.perform(services, preview, request);
    const asked = {
      what,
      subject,
      userId: userIdOf ? userIdOf(request) : null,
      request,
      reason: request.reason,
      change: { before, after },
      operator,
      person,
      role,
    };
    return operationOf(askApprovalOperation, asked, terms);
  };
  const outcome = await submitResolved(services, { type: askApprovalOperation, terms, prepare });
  return outcomeOf({ what, subject, dryRun: false }, requirePosted(outcome));
}
