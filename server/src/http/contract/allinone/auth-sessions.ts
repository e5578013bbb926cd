/**
 * `auth/verify`, `auth/me` and `auth/logout`: describe a token, and revoke it (docs/contract.md
 * 2.2, 2.4).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { endSession, endSessionsOfUser, type Session } from "../../../identity/sessions.ts";
import { authenticate, bearerToken } from "../../auth/authenticate.ts";
import { bodyOf, firstOf, missingFields } from "../request/contract-body.ts";
import type { Services } from "../../context/services.ts";

export function authSessionRoutes(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/auth/verify", async (request) =>
    toReply(await services.readSession(requireToken(request))),
  );

  app.route({
    method: ["GET", "POST"],
    url: "/api/allinone/auth/me",
    handler: async (request) => toReply(await authenticate(services, request)),
  });

  app.post("/api/allinone/auth/logout", async (request) => {
    const token = requireToken(request);
    const { userId, through } = await services.readSession(token);
    const everywhere = bodyOf(request)["everywhere"] === true;
    const ended = everywhere
      ? await endSessionsOfUser(services.db, through?.userId ?? userId)
      : Number(await endSession(services.db, token));
    services.credentials.evictAll(); // the reply promises that this process refuses it now
    return { success: true, message: "已退出登录", userId, ended, data: { userId, ended } };
  });
}

/** The body's token wins over the header's, because AllinONE verifies a stored one by body. */
function requireToken(request: FastifyRequest): string {
  const token = firstOf(bodyOf(request), ["token"]) ?? bearerToken(request);
  if (typeof token !== "string") throw missingFields(["token"]);
  return token;
}

function toReply(session: Session): Record<string, unknown> {
  const shown = {
    valid: true,
    userId: session.userId,
    username: session.username,
    platform: session.platform,
    expiresAt: session.expiresAt.getTime(),
  };
  return { success: true, ...shown, proven: session.isVerified, data: shown };
}
