/** `POST /api/v1/sessions`: a session for the user whom a platform's assertion names. */
import { Type } from "typebox";
import { claimedPlatform } from "../../../identity/assertion.ts";
import { cleanDisplayName } from "../../../identity/display-name.ts";
import { loginByAssertion } from "../../../identity/login.ts";
import { sessionIdOfToken } from "../../../identity/user-sessions.ts";
import { openWalletAtLogin } from "../../../ledger/wallets/open-wallet-at-login.ts";
import { logRefusedLogin } from "../../auth/log-refused-login.ts";
import { requireAdopted } from "../../auth/actor.ts";
import type { Services } from "../../context/services.ts";
import { limitTo, LOGINS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { V1App } from "../app/v1-app.ts";
import { AssertionText, OpenedSession } from "../schemas/schemas-sessions.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { PLAIN_TEXT, ref, strictObject } from "../schemas/schemas.ts";

const schema = {
  operationId: "postSession",
  tags: ["Sessions"],
  title: { en: "Log a user in", zh: "用户登录" },
  description:
    "Opens a session of 7 days for the user of the assertion, at the platform that signed it, and the user's " +
    "wallet with it. An assertion is a JWT of the platform's backend that lives five minutes at most and " +
    "opens one session (docs/login.md). In a sandbox `details.reason` says what is wrong with it. An identity " +
    "that is linked opens the wallet of `userId`; `through` then names the identity.",
  body: strictObject({
    assertion: AssertionText,
    displayName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        pattern: PLAIN_TEXT,
        description: "the name under which others see the user; markup is stripped",
      }),
    ),
  }),
  response: { 201: ref(OpenedSession) },
};

const { config } = limitTo(LOGINS_PER_WINDOW);

export function postSessionRoute(v1: V1App, services: Services): void {
  v1.post("/sessions", { schema, config }, async (request, reply) => {
    await requireAdopted(services);
    const { assertion, displayName: sent, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { assertion, displayName: cleanDisplayName(sent) };
    const opened = await loginByAssertion(services.db, wanted, services.loginPolicy).catch(
      (error: unknown) => {
        logRefusedLogin(request, claimedPlatform(assertion), error);
        throw error;
      },
    );
    if (opened.endedSessions) services.credentials.evictAll();
    const { userId, platform, through, isVerified, token, expiresAt, username, isNewUser } = opened;
    await openWalletAtLogin(services, { userId, isVerified });
    void reply.code(201);
    return {
      id: sessionIdOfToken(token),
      userId,
      platform: through?.platform ?? platform,
      ...(through && { through: through.userId }),
      proven: isVerified,
      token,
      displayName: username,
      isNewUser,
      createdAt: new Date().toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  });
}
