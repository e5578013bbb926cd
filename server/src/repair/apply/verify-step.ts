/** The verification as a step, through a new connection. */
import { refusal } from "../../errors/refusals.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { Emit } from "../model/events.ts";
import { isProbeLeftOut } from "../model/plan.ts";
import { verify, type Verification } from "../verify/verify.ts";
import type { ApplyContext } from "./apply.ts";
import { journalFact } from "./lost-connection.ts";
import { joinMessages, toMembers } from "../../lib/messages.ts";

/** Throws `repair_incomplete` when the change is committed and its verification fails. */
export async function verifyStep(context: ApplyContext): Promise<Verification> {
  const { request } = context;
  const repair = isProbeLeftOut(request.plan)
    ? { ...context.repair, isProbed: false }
    : context.repair;
  const verification = await withRepairConnection(request.target, "verify", (client) =>
    verify(client, repair, request.plan.target.schema),
  );
  reportChecks(context.emit, verification);
  await journalFact(context, "step", {
    step: "verify",
    status: verification.verified ? "done" : "failed",
    checks: verification.checks.map(({ id, ok, text }) => ({ id, ok, ...toMembers("text", text) })),
  });
  if (verification.verified) return verification;
  const failed = verification.checks.filter(({ ok }) => ok === false);
  throw refusal(
    "verification_failed",
    { failed: joinMessages(failed.map(({ text }) => text)) },
    { details: { failed } },
  );
}

/** One line per check, with ok, not ok, or undecided here. */
export function reportChecks(emit: Emit, { checks }: Pick<Verification, "checks">): void {
  for (const { id, ok, text, data } of checks) emit("check", text, { check: id, ok, ...data });
}
