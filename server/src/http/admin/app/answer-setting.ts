/** Changes a setting for a request of /api/admin, and answers as the acts on users do. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isNewDayError, NewDayError } from "../../../errors/errors.ts";
import type { ActOutcome, ActRequest } from "../../../operators/acts/act.ts";
import type { OperatorRole } from "../../../operators/roles.ts";
import { performSetting } from "../../../operators/settings/perform-setting.ts";
import type { SettingKind } from "../../../operators/settings/setting.ts";
import type { Services } from "../../context/services.ts";
import { actContextOf } from "./operator-of-request.ts";
import { answerAct } from "./replies.ts";

/** The route of a change: its least role, its key, and its preview. */
export function changesFor<Role extends OperatorRole>(role: Role) {
  return { operators: { role }, writes: true, dryRun: true } as const;
}

/** Errors: those of the change, about the fields of the body. */
export async function answerSetting<Request extends ActRequest>(
  services: Services,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  kind: SettingKind<Request>,
  wanted: Request,
): Promise<ActOutcome> {
  const context = await actContextOf(services, request);
  const outcome = await performSetting(services, context, kind, wanted).catch(renameField);
  if (!context.dryRun) services.credentials.evictAll(); // this process obeys from its reply on
  return answerAct(reply, outcome);
}

/** Fields of the commands whose names here are others. */
const BODY_FIELDS: ReadonlyMap<unknown, string> = new Map([
  ["jwks-url", "jwksUrl"],
  ["starter-grant", "starterGrant"],
  ["starter-budget", "starterBudgetPerDay"],
  ["compatibility-cap", "compatibilityCap"],
  ["accept", "compatibilityAccepted"],
]);

function renameField(cause: unknown): never {
  const field = isNewDayError(cause) ? BODY_FIELDS.get(cause.details["field"]) : undefined;
  if (field === undefined || !isNewDayError(cause)) throw cause;
  throw new NewDayError(cause.code, { ...cause.details, field }, { cause });
}
