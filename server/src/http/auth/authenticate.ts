/** The actor of a request is the holder of its bearer token, whatever the body names (G8). */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../errors/errors.ts";
import type { Session } from "../../identity/sessions.ts";
import type { Services } from "../context/services.ts";

/** The bearer token of the header; undefined for any other form. */
export function bearerToken(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  return header ? /^Bearer +(\S+)$/i.exec(header.trim())?.[1] : undefined;
}

/** Errors: `invalid_token` when the header is missing, malformed, unknown, expired or revoked. */
export async function authenticate(services: Services, request: FastifyRequest): Promise<Session> {
  const token = bearerToken(request);
  if (token === undefined)
    throw new NewDayError("invalid_token", {
      field: "Authorization",
      rule: { en: "must be `Bearer <token>`", zh: "必须是 Bearer <token>" },
      remedy: {
        en: "Log in first: POST /api/allinone/auth/login.",
        zh: "请先登录：POST /api/allinone/auth/login",
      },
    });
  return services.readSession(token);
}
