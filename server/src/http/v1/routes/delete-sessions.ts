/** `DELETE /api/v1/sessions/{id}` and `DELETE /api/v1/sessions`: end one session of a user, or all of them. */
import { endSessionsOfUser } from "../../../identity/sessions.ts";
import { endSessionOfUser } from "../../../identity/user-sessions.ts";
import type { Services } from "../../context/services.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { sessionOwner, sessionQuery } from "../request/session-owner.ts";
import { EndedSessions, SessionId } from "../schemas/schemas-sessions.ts";
import { ref, strictObject } from "../schemas/schemas.ts";

const oneSchema = {
  operationId: "deleteSession",
  tags: ["Sessions"],
  title: { en: "End a session", zh: "结束会话" },
  description:
    "Its token is refused from this answer on, and on other servers within milliseconds. " +
    "Repeated, it ends nothing and answers `ended: 0`; so does a session through a linked identity for one that " +
    "another login opened.",
  params: strictObject({ id: ref(SessionId) }),
  querystring: strictObject(sessionQuery),
  response: { 200: ref(EndedSessions) },
};

const allSchema = {
  operationId: "deleteSessions",
  tags: ["Sessions"],
  title: { en: "End every session of a user", zh: "结束用户的所有会话" },
  description:
    "The session of this request ends too. A session through a linked identity ends those of this identity alone.",
  querystring: strictObject(sessionQuery),
  response: { 200: ref(EndedSessions) },
};

const config = { access: { scope: "wallets:write", users: true } } as const;

export function deleteSessionRoutes(v1: V1App, services: Services): void {
  v1.delete("/sessions/:id", { schema: oneSchema, config }, async (request) => {
    const userId = await endedUser(services, request);
    const ended = Number(await endSessionOfUser(services.db, userId, request.params.id));
    services.credentials.evictAll(); // the reply promises that this process refuses it now
    return { ended };
  });

  v1.delete("/sessions", { schema: allSchema, config }, async (request) => {
    const userId = await endedUser(services, request);
    const ended = await endSessionsOfUser(services.db, userId);
    services.credentials.evictAll();
    return { ended };
  });
}

/** A session through a link ends those of its identity, whose user id stands in `through_user_id`. */
async function endedUser(
  services: Services,
  request: Parameters<typeof callerOf>[0] & { readonly query: { readonly userId?: string } },
): Promise<string> {
  const caller = callerOf(request);
  const owner = await sessionOwner(services, caller, request.query.userId);
  return caller.kind === "user" ? (caller.through?.userId ?? owner) : owner;
}
