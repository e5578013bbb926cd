/** `POST /api/allinone/auth/login`: every spelling of the real clients (docs/contract.md 2.1). */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isNewDayError, NewDayError } from "../../../errors/errors.ts";
import { cleanDisplayName } from "../../../identity/display-name.ts";
import { login, type LoginRequest, type LoginResult } from "../../../identity/login.ts";
import { DEFAULT_PLATFORM, LEGACY_PLATFORMS } from "../../../identity/platforms.ts";
import { requireUserId } from "../../../identity/user-id.ts";
import {
  bodyOf,
  firstOf,
  missingFields,
  optionalText,
  type Body,
} from "../request/contract-body.ts";
import { LOGINS_PER_WINDOW, limitTo } from "../../plugins/rate-limits.ts";
import type { Services } from "../../context/services.ts";

const USER_ID_NAMES = ["allinoneUserId", "userId", "playerId"];
const NAME_NAMES = ["allinoneUsername", "username", "playerName", "nickname"];
const PLATFORM_LENGTH_MAX = 32;
const CREDENTIAL_LENGTH_MAX = 4096;

export function postAuthLoginRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/auth/login", limitTo(LOGINS_PER_WINDOW), async (request) => {
    const wanted = readLogin(bodyOf(request), services.loginPolicy.secrets);
    const result = await login(
      services.db,
      wanted,
      services.loginPolicy,
      services.readSession,
    ).catch((error: unknown) => {
      if (wanted.assertion !== undefined) logRefusal(request, wanted, error);
      throw error;
    });
    if (result.endedSessions) services.credentials.evictAll();
    await services.findOrOpenWallet(result.userId);
    return toReply(result);
  });
}

/** A platform's developers ask why; production answers every cause alike, so the log has the reason. */
function logRefusal({ log }: FastifyRequest, { platform }: LoginRequest, error: unknown): void {
  if (!isNewDayError(error) || error.definition.status >= 500) return;
  const reason = error.cause instanceof Error ? error.cause.message : error.details.rule?.en;
  log.warn({ platform, reason }, "login refused");
}

function readLogin(body: Body, secrets: ReadonlyMap<string, string>): LoginRequest {
  const userId = firstOf(body, USER_ID_NAMES);
  if (userId === undefined) throw missingFields(["userId/allinoneUserId"]);
  const platform = optionalText(body, ["platform"], PLATFORM_LENGTH_MAX) ?? DEFAULT_PLATFORM;
  const known = [...LEGACY_PLATFORMS, ...secrets.keys()].join(", ");
  if (!LEGACY_PLATFORMS.includes(platform) && !secrets.has(platform))
    throw new NewDayError("invalid_field", {
      field: "platform",
      rule: { en: `must be one of ${known}`, zh: `必须是 ${known} 之一` },
      remedy: { en: "Leave it out for AllinONE's users.", zh: "AllinONE 的用户请省略此字段" },
    });
  return {
    externalId: requireUserId(userId, "userId"),
    displayName: cleanDisplayName(firstOf(body, NAME_NAMES)),
    platform,
    token: optionalText(body, ["token"], CREDENTIAL_LENGTH_MAX),
    assertion: optionalText(body, ["assertion"], CREDENTIAL_LENGTH_MAX),
  };
}

function toReply(result: LoginResult): Record<string, unknown> {
  const shown = {
    token: result.token,
    userId: result.userId,
    playerId: result.userId,
    username: result.username,
    platform: result.platform,
    expiresAt: result.expiresAt.getTime(),
  };
  return {
    success: true,
    message: "登录成功",
    ...shown,
    autoLogin: result.autoLogin,
    isNewUser: result.isNewUser,
    data: shown,
  };
}
