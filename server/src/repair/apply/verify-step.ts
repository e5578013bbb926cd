/** The verification as a step, through a new connection. */
import { NewDayError } from "../../errors/errors.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { Emit } from "../model/events.ts";
import { verify, type Verification } from "../verify/verify.ts";
import type { ApplyContext } from "./apply.ts";
import { remember } from "./lost-connection.ts";

/** Throws `repair_incomplete` when the change is committed and its verification fails. */
export async function verifyStep(context: ApplyContext): Promise<Verification> {
  const { request, repair } = context;
  const verification = await withRepairConnection(request.target, "verify", (client) =>
    verify(client, repair, request.plan.target.schema),
  );
  sayChecks(context.emit, verification);
  await remember(context, "step", {
    step: "verify",
    status: verification.proven ? "done" : "failed",
    checks: verification.checks.map(({ id, ok, text }) => ({ id, ok, text: text[0] })),
  });
  if (verification.proven) return verification;
  const failed = verification.checks.filter(({ ok }) => ok === false);
  throw new NewDayError(
    "repair_incomplete",
    { failed },
    {
      message: `The keys are gone, but a proof fails: ${failed.map(({ text }) => text[0]).join("; ")}`,
    },
  );
}

/** One line per check, with ok, not ok, or undecided here. */
export function sayChecks(emit: Emit, { checks }: Pick<Verification, "checks">): void {
  for (const { id, ok, text, data } of checks) emit("check", text, { check: id, ok, ...data });
}
