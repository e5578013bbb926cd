/**
 * Authenticates the game's own servers by a service key of the settings; users are refused
 * (docs/incidents.md G9, G10).
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../errors/errors.ts";
import { isWellFormedToken } from "../../identity/token.ts";
import { bearerToken } from "./authenticate.ts";
import { requireAdopted } from "./actor.ts";
import type { Services } from "../context/services.ts";

/** Errors: `invalid_token`, `forbidden` for a user's token, and those of `requireAdopted`. */
export async function authenticateService(
  services: Services,
  request: FastifyRequest,
): Promise<void> {
  const sent = bearerToken(request) ?? "";
  if (isWellFormedToken(sent))
    throw new NewDayError("forbidden", {
      field: "Authorization",
      rule: {
        en: "this call is for the game's own servers, not for users",
        zh: "此接口只供游戏服务器调用",
      },
    });
  if (!isOneOf(sent, services.config.serviceKeys))
    throw new NewDayError("invalid_token", {
      field: "Authorization",
      rule: {
        en: "must be `Bearer nd_service_...`, a key that NEWDAY_SERVICE_KEYS names",
        zh: "需要服务密钥",
      },
    });
  await requireAdopted(services);
}

/** True for one of `keys`. Compares the digests of all, so that the time taken is constant. */
export function isOneOf(sent: string, keys: readonly string[]): boolean {
  const digest = sha256(sent);
  return keys.reduce((found, key) => timingSafeEqual(sha256(key), digest) || found, false);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
