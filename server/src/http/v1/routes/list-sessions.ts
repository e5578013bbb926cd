/** `GET /api/v1/sessions`: the live sessions of a user. */
import { listSessionsOfUser, sessionIdOfToken } from "../../../identity/user-sessions.ts";
import { bearerToken } from "../../auth/authenticate.ts";
import type { Services } from "../../context/services.ts";
import { Type } from "typebox";
import { sessionOwner, sessionQuery } from "../request/session-owner.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import { SessionSchema } from "../schemas/schemas-sessions.ts";
import { ref, strictObject } from "../schemas/schemas.ts";

const schema = {
  operationId: "listSessions",
  tags: ["Sessions"],
  title: { en: "List the sessions of a user", zh: "列出用户的会话" },
  description:
    "Newest first, fifty at most: beyond that the oldest ones end. `through` names the linked identity whose login " +
    "opened the session, to the user alone; a platform's key also sees those that its own identity opened.",
  querystring: strictObject(sessionQuery),
  response: { 200: strictObject({ data: Type.Array(ref(SessionSchema)) }) },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function listSessionsRoute(v1: V1App, services: Services): void {
  v1.get("/sessions", { schema, config }, async (request) => {
    const caller = callerOf(request);
    const userId = await sessionOwner(services, caller, request.query.userId);
    const sessions = await listSessionsOfUser(services.db, userId, services.loginPolicy);
    const current = sessionIdOfToken(bearerToken(request) ?? "");
    const data = sessions.map(
      ({ isVerified, createdAt, expiresAt, throughUserId, ...session }) => ({
        ...session,
        userId,
        proven: isVerified,
        // Which identity a person has elsewhere is theirs to tell.
        ...(caller.kind === "user" && throughUserId !== null && { through: throughUserId }),
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        current: session.id === current,
      }),
    );
    return { data };
  });
}
