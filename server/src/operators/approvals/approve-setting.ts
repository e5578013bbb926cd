/** The second person's decision about a change of settings, or an erasure: marked, done, and marked as done. */
import { operationOf } from "../../engine/operation-type.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { ActContext, ActOutcome } from "../acts/act.ts";
import { termsOfAct } from "../acts/act-terms.ts";
import type { AskedAct, LoggedApproval } from "../acts/approval-queries.ts";
import { outcomeOf } from "../acts/perform-act.ts";
import { settingOutcome } from "../settings/perform-setting.ts";
import { changeContextOf, type SettingServices } from "../settings/setting.ts";
import type { StoredSettingKind } from "../settings/setting-kinds.ts";
import { beginApprovalOperation, finishApprovalOperation } from "../acts/approval-steps.ts";

export type KnownApproval = LoggedApproval & { readonly asked: AskedAct };

/**
 * Repeated, it goes on where it ended, and the change is made once. Errors: those of the change,
 * `approval_decided`, `approval_expired`.
 */
export async function approveSetting(
  services: SettingServices,
  context: ActContext,
  kind: StoredSettingKind,
  row: KnownApproval,
): Promise<ActOutcome> {
  const { id, asked, askedBy, status } = row;
  const { request, subject } = asked;
  const asker = { ...context, operator: askedBy };
  const preview = () =>
    kind.perform(services, changeContextOf({ ...asker, dryRun: true }, request), request);
  if (context.dryRun) return { ...settingOutcome(await preview(), context), approval: id };
  if (status !== "approved") {
    const begun = await begin(services, context, row, status === "pending" ? preview : undefined);
    if (begun.replayed && status === "done")
      return outcomeOf({ what: kind.what, subject, dryRun: false }, begun);
  }
  const idempotency = { key: `approval:${id}`, fingerprint: id };
  const change = await kind.perform(
    services,
    changeContextOf({ ...asker, idempotency }, request),
    request,
  );
  await finishApproval(services, context, id);
  return { ...settingOutcome(change, context), approval: id };
}

/** Without a preview, the key's first outcome is the answer, or the refusal. */
async function begin(
  { engine }: SettingServices,
  context: ActContext,
  { id, what, asked }: KnownApproval,
  preview:
    | (() => Promise<{ before: AskedAct["change"]["before"]; after: AskedAct["change"]["after"] }>)
    | undefined,
) {
  const { before, after } = preview ? await preview() : asked.change;
  const { operator: approver } = context;
  const { subject, userId } = asked;
  const begun = { id, approver, what, subject, userId, change: { before, after } };
  return requirePosted(
    await engine.submit(operationOf(beginApprovalOperation, begun, termsOfAct(context))),
  );
}

export async function finishApproval(
  { engine }: SettingServices,
  context: ActContext,
  id: string,
): Promise<void> {
  const { caller } = termsOfAct(context);
  requirePosted(await engine.submit(operationOf(finishApprovalOperation, { id }, { caller })));
}
