/**
 * Freezes the user of a finding on the audit's own side, and lifts that when the last finding is closed. The platform's
 * and the operators' freezes stay as they are. A system account is never frozen: the service goes on.
 */
import { operationOf } from "../../engine/operation-type.ts";
import { requirePosted } from "../../engine/outcome.ts";
import { submitOperation } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import {
  freezeUserOperation,
  unfreezeUserOperation,
} from "../../ledger/policies/freeze-user-operation.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { insertOperatorChange } from "../../identity/operator-changes/operator-changes.ts";
import { findFinding, hasOtherFreeze, markFrozen, type AuditFinding } from "./audit-store.ts";

export type FindingServices = Pick<PostingServices, "db" | "engine">;

const TERMS = { caller: "audit" };

/** True when the user is frozen for this finding, now or by an earlier one. */
export async function freezeForFinding(
  { db, engine }: FindingServices,
  finding: Pick<AuditFinding, "id" | "wallet" | "invariant">,
): Promise<boolean> {
  const { id, wallet, invariant } = finding;
  if (wallet === null) return false;
  const [user] = await db.query<{ userId: string }>(
    `select user_id as "userId" from newday.ledger_wallets where number = $1 and role is null`,
    [wallet],
  );
  if (!user) return false;
  const { outcome } = await submitOperation(
    engine,
    operationOf(
      freezeUserOperation,
      {
        wallet,
        userId: user.userId,
        side: "audit",
        debits: true,
        credits: true,
        until: null,
        // One reason for all findings of a user: a second one finds the freeze as it is.
        reason: `the continuous audit found the account inconsistent (${invariant})`,
      },
      TERMS,
    ),
  );
  if (outcome.status === "refused" && outcome.code !== "already_so") return false;
  await markFrozen(db, id);
  return true;
}

/**
 * Closes a finding with a reason. The audit's freeze of its user ends with the user's last open finding. Errors:
 * `not_found`, `invalid_field` for one that is closed.
 */
export async function closeFinding(
  services: FindingServices,
  { operator, dryRun, reason }: { operator: string; dryRun: boolean; reason: string },
  id: string,
): Promise<{ readonly finding: AuditFinding; readonly unfreezes: boolean }> {
  const { db, engine } = services;
  const finding = await findFinding(db, id);
  if (!finding) throw new NewDayError("not_found", {});
  if (finding.closedAt !== null)
    throw new NewDayError("invalid_field", {
      field: "id",
      rule: { en: "names a finding that is open", zh: "应为未关闭的发现" },
    });
  const { wallet, userId } = finding;
  const unfreezes =
    finding.froze && wallet !== null && userId !== null && !(await hasOtherFreeze(db, finding));
  if (dryRun) return { finding, unfreezes };
  // First the freeze: after a fault in between, closing again finds it lifted and goes on.
  if (unfreezes) {
    const payload = { wallet, userId, side: "audit" as const, reason };
    const operation = operationOf(unfreezeUserOperation, payload, {
      caller: `operator:${operator}`,
    });
    const { outcome } = await submitOperation(engine, operation);
    if (!(outcome.status === "refused" && outcome.code === "already_so")) requirePosted(outcome);
  }
  await db.transaction(async (tx) => {
    const closed = await tx.query(
      `update newday.audit_findings set closed_at = now(), closed_by = $2, closed_reason = $3
        where id = $1 and closed_at is null returning id`,
      [id, operator, reason],
    );
    if (closed.length === 0) return;
    await insertOperatorChange(
      tx,
      { operator, dryRun, reason },
      {
        what: "audit finding-close",
        subject: id,
        before: { state: "open", invariant: finding.invariant, subject: finding.subject },
        after: { state: "closed", unfrozen: unfreezes },
        accounts: 0n,
      },
    );
  });
  return { finding: (await findFinding(db, id)) ?? finding, unfreezes };
}
