/** The second person's decision: the act is judged anew by the present state, and done with it. */
import type { Database } from "../../db/database.ts";
import { createDryRunEngine } from "../../engine/dry-run.ts";
import { operationOf } from "../../engine/operation-type.ts";
import { requirePosted } from "../../engine/outcome.ts";
import { NewDayError } from "../../errors/errors.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { isActivePerson } from "../person-of.ts";
import { includesRole, type OperatorRole } from "../roles.ts";
import type { ActContext, ActOutcome } from "../acts/act.ts";
import { findActKind } from "../acts/act-kinds.ts";
import { termsOfAct } from "../acts/act-terms.ts";
import { findApproval, type LoggedApproval } from "../acts/approval-queries.ts";
import { rejectApprovalOperation } from "../acts/ask-approval.ts";
import { outcomeOf } from "../acts/perform-act.ts";
import { settingOutcome } from "../settings/perform-setting.ts";
import { findSettingKind } from "../settings/setting-kinds.ts";
import type { SettingServices } from "../settings/setting.ts";
import { approveSetting, finishApproval, type KnownApproval } from "./approve-setting.ts";

/**
 * Does the act on behalf of who asked. Errors: `approval_not_found`, `approval_of_own`, `role_missing`,
 * `approval_decided`, `approval_expired`, and the refusals of the act, after which it can be approved again.
 */
export async function approveAct(
  services: SettingServices,
  context: ActContext,
  id: string,
): Promise<ActOutcome> {
  const { dryRun, operator: approver } = context;
  const row = await requireApprover(services.db, context, id);
  if (!isKnown(row)) return finishErased(services, context, row);
  const { what, asked, askedBy } = row;
  const setting = findSettingKind(what);
  if (setting) return approveSetting(services, context, setting, row);
  const kind = findActKind(what);
  if (!kind) throw new Error(`no kind of act is named ${what}`);
  const { request } = asked;
  const authority = { approval: id, approver };
  const stored = { request, operator: askedBy, authority };
  const { subject, operation } = await kind.prepare(services, context, stored);
  const engine = dryRun ? createDryRunEngine(services.engine) : services.engine;
  const posted = requirePosted(await engine.submit(operation));
  return outcomeOf({ what, subject, dryRun }, posted);
}

/** Ends it without the act; who asked may take it back so. Errors: as `approveAct`. */
export async function rejectAct(
  services: PostingServices,
  context: ActContext,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<ActOutcome> {
  const { dryRun, operator, person } = context;
  const row = await requireApproval(services.db, id);
  if (!isKnown(row)) throw new NewDayError("approval_not_found", { field: "id" });
  if (row.person !== person) requireRoleOf(context, row);
  const engine = dryRun ? createDryRunEngine(services.engine) : services.engine;
  const rejected = { id, operator, reason: requireReason(reason), userId: row.asked.userId };
  const operation = operationOf(rejectApprovalOperation, rejected, termsOfAct(context));
  const posted = requirePosted(await engine.submit(operation));
  return outcomeOf({ what: "approval reject", subject: id, dryRun }, posted);
}

async function requireApprover(
  db: Database,
  context: ActContext,
  id: string,
): Promise<LoggedApproval> {
  const row = await requireApproval(db, id);
  requireRoleOf(context, row);
  const { person } = context;
  if (row.person === person) throw new NewDayError("approval_of_own", { field: "id" });
  if (await isActivePerson(db, person)) return row;
  throw new NewDayError("role_missing", {
    rule: {
      en: "an approval needs an active operator, or a key that one made",
      zh: "批准者须为有效的运维人员，或使用其创建的密钥",
    },
  });
}

async function requireApproval(db: Database, id: string): Promise<LoggedApproval> {
  const row = await findApproval(db, id);
  if (row && (isKnown(row) || isErasure(row))) return row;
  throw new NewDayError("approval_not_found", { field: "id" });
}

function isKnown(row: LoggedApproval): row is KnownApproval {
  return row.asked !== null;
}

/** True for one that was approved: its erasure cleared what was asked. */
function isErasure({ what, status }: LoggedApproval): boolean {
  return what === "user erase" && (status === "approved" || status === "done");
}

/** The erasure was finished, and its answer was lost. */
async function finishErased(
  services: SettingServices,
  context: ActContext,
  { id, what }: LoggedApproval,
): Promise<ActOutcome> {
  if (!context.dryRun) await finishApproval(services, context, id);
  const after = { status: "done" };
  const change = { what, subject: "erased", before: null, after, accounts: 0n, replayed: true };
  return { ...settingOutcome(change, context), approval: id };
}

function requireRoleOf({ role }: ActContext, approval: LoggedApproval): void {
  const needed = approval.role as OperatorRole;
  if (includesRole(role, needed)) return;
  throw new NewDayError("role_missing", {
    rule: { en: `this approval needs the role ${needed}`, zh: `此批准需要角色 ${needed}` },
  });
}
