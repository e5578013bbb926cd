/**
 * The actor of an item or market call: the token's user, once the ledger holds the user's money and
 * items.
 */
import type { FastifyRequest } from "fastify";
import { adoptionDue, repairDue } from "../../errors/adoption-due.ts";
import { NewDayError } from "../../errors/errors.ts";
import { resolveUserIdSaidBy } from "../../identity/platforms/user-naming.ts";
import type { Session } from "../../identity/sessions.ts";
import { authenticate } from "./authenticate.ts";
import type { Services } from "../context/services.ts";

/** Errors: `repair_due`, `not_adopted` while the legacy tables are authoritative. */
export async function requireAdopted(services: Services): Promise<void> {
  const state = await services.readAdoption();
  if (state === "repair_due") throw repairDue();
  if (state === "adoption_due") throw adoptionDue();
}

/** Errors: `invalid_token`, and those of `requireAdopted`. */
export async function authenticateActor(
  services: Services,
  request: FastifyRequest,
): Promise<Session> {
  const session = await authenticate(services, request);
  await requireAdopted(services);
  return session;
}

/**
 * The older surfaces name the actor in the body too; it must be the token's user, or the linked user who
 * logged in (docs/incidents.md G8). Errors: `forbidden`.
 */
export async function requireSameUser(
  { platforms }: Services,
  session: Session,
  named: unknown,
  field: string,
): Promise<void> {
  if (named === undefined || named === session.userId) return;
  if (typeof named === "string")
    for (const { userId, platform } of [session, ...(session.through ? [session.through] : [])])
      if ((await resolveUserIdSaidBy(platforms, platform, named)) === userId) return;
  throw new NewDayError("forbidden", {
    field,
    rule: { en: "must be the user of the token", zh: "必须与令牌的用户一致" },
  });
}
