/** `POST /api/allinone/auth/login`: every spelling of the real clients (docs/contract.md 2.1). */
import type { FastifyInstance } from "fastify";
import { cleanDisplayName } from "../../../identity/display-name.ts";
import { login, type LoginRequest, type LoginResult } from "../../../identity/login.ts";
import { DEFAULT_PLATFORM } from "../../../identity/platforms/platform-ids.ts";
import { openWalletAtLogin } from "../../../ledger/wallets/open-wallet-at-login.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import {
  bodyOf,
  firstOf,
  missingFields,
  optionalText,
  type Body,
} from "../request/contract-body.ts";
import { logRefusedLogin } from "../../auth/log-refused-login.ts";
import { LOGINS_PER_WINDOW, limitTo } from "../../plugins/rate-limits.ts";
import type { Services } from "../../context/services.ts";

const USER_ID_NAMES = ["allinoneUserId", "userId", "playerId"];
const NAME_NAMES = ["allinoneUsername", "username", "playerName", "nickname"];
const PLATFORM_LENGTH_MAX = 32;
const CREDENTIAL_LENGTH_MAX = 4096;

export function postAuthLoginRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/auth/login", limitTo(LOGINS_PER_WINDOW), async (request) => {
    const wanted = readLogin(bodyOf(request));
    const result = await login(
      services.db,
      wanted,
      services.loginPolicy,
      services.readSession,
    ).catch((error: unknown) => {
      if (wanted.assertion !== undefined) logRefusedLogin(request, wanted.platform, error);
      throw error;
    });
    if (result.endedSessions) services.credentials.evictAll();
    await openWalletAtLogin(services, result);
    return toReply(result);
  });
}

function readLogin(body: Body): LoginRequest {
  const userId = firstOf(body, USER_ID_NAMES);
  if (userId === undefined) throw missingFields(["userId/allinoneUserId"]);
  const platform = optionalText(body, ["platform"], PLATFORM_LENGTH_MAX) ?? DEFAULT_PLATFORM;
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
