/**
 * Performs acts of operators, for every surface: posts them with their rows of the log, previews them, or asks a
 * second person. One key stands for one of the three, whatever was decided first.
 */
import { createDryRunEngine } from "../../engine/dry-run.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { OperationResult, Outcome, PostedOutcome } from "../../engine/operation.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ActContext, ActKind, ActOutcome, ActRequest } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";
import { askApprovalOperation } from "./ask-approval.ts";
import { loggedAct, type ActAuthority, type LoggedResult } from "./logged-act.ts";

/** Errors: the refusal of the act, `idempotency_conflict`, and those of the engine. */
export async function performAct<Request extends ActRequest, Result extends OperationResult>(
  services: PostingServices,
  context: ActContext,
  kind: ActKind<Request, Result>,
  request: Request,
): Promise<ActOutcome> {
  const { dryRun, operator, person } = context;
  const { what } = kind;
  const act = await kind.prepare(services, context, request);
  const shown = { what, subject: act.subject, dryRun };
  const preview = createDryRunEngine(services.engine);
  const as = (authority: ActAuthority) => loggedAct(act, { what, operator, authority });
  const alone = await (dryRun ? preview : services.engine).submit(as({ person }));
  if (!needsApproval(alone)) return outcomeOf(shown, requirePosted(alone));
  const previewed = requirePosted(await preview.submit(as("preview")));
  if (dryRun) return { ...outcomeOf(shown, previewed), needsApproval: true, approval: null };
  const asked = {
    what,
    subject: act.subject,
    userId: act.userId,
    request,
    reason: act.reason,
    change: previewed.result.change,
    operator,
    person,
    role: context.role,
  };
  const ask = operationOf(askApprovalOperation, asked, termsOfAct(context));
  return outcomeOf(shown, requirePosted(await services.engine.submit(ask)));
}

/** The refusal of `countAlone`, which leaves the request's key free. */
function needsApproval(outcome: Outcome<LoggedResult>): boolean {
  return outcome.status === "refused" && outcome.code === "approval_required";
}

export function outcomeOf(
  {
    what,
    subject,
    dryRun,
  }: { readonly what: string; readonly subject: string; readonly dryRun: boolean },
  { result, transferId, replayed }: PostedOutcome<LoggedResult>,
): ActOutcome {
  const { change, approval, waits } = result;
  return {
    what,
    subject: result.madeSubject ?? subject,
    ...change,
    transferId: dryRun || waits ? null : transferId,
    approval,
    needsApproval: waits,
    replayed,
    dryRun,
  };
}
