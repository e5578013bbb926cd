/** Replies of /api/admin. */
import type { ModelChange } from "../../../identity/operator-changes/operator-changes.ts";
import type { FastifyReply } from "fastify";
import type { ActOutcome } from "../../../operators/acts/act.ts";
import type { Operator } from "../../../operators/operator-sessions.ts";

export function showSession({ role, session }: Operator) {
  if (!session) throw new Error("a key has no session");
  const { tokenHash: _, expiresAt, ...shown } = session;
  return { ...shown, role, expiresAt: expiresAt.toISOString() };
}

export function showChange({ what, subject, before, after, secret }: ModelChange) {
  return { what, subject, before, after, ...(secret === undefined ? {} : { secret }) };
}

/** Answers 201 for what was done, 202 for what waits for a second person, and 200 for a preview; `Idempotency-Replayed` tells a repeated request. */
export function answerAct(reply: FastifyReply, outcome: ActOutcome): ActOutcome {
  if (outcome.replayed) void reply.header("idempotency-replayed", "true");
  void reply.code(outcome.dryRun ? 200 : outcome.needsApproval ? 202 : 201);
  return outcome;
}
