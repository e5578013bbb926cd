import type { FastifyRequest } from "fastify";
import { isNewDayError } from "../../errors/errors.ts";

/** A platform's developers ask why; production answers every cause alike, so the log has the reason. */
export function logRefusedLogin(
  { log }: FastifyRequest,
  platform: string | undefined,
  error: unknown,
): void {
  if (!isNewDayError(error) || error.code === "internal") return;
  if (error.definition.status >= 500 && error.code !== "proof_unavailable") return;
  const reason = error.cause instanceof Error ? error.cause.message : error.details.rule?.en;
  log.warn({ platform, reason }, "login refused");
}
