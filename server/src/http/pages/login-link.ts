/**
 * The auto-login link of the game centre (docs/contract.md 2.3): a page address with a token in its query.
 *
 * The token leaves the address before a page loads: the request is redirected to `/game`, and a cookie of one
 * minute carries the token to `POST /game/link`. So history, `Referer` and the page's own address never hold it.
 * The page asks before it continues as the link's user, because anybody can send a link (docs/incidents.md G6).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isNewDayError, NewDayError } from "../../errors/errors.ts";
import type { PlatformDirectory } from "../../identity/platforms/platform-directory.ts";
import { resolveUserIdSaidBy } from "../../identity/platforms/user-naming.ts";
import type { Session } from "../../identity/sessions.ts";
import { isWellFormedToken } from "../../identity/token.ts";
import type { Services } from "../context/services.ts";

const COOKIE = "newday_link";
/** Readable by no script, sent by no other site, and to one path only. */
const COOKIE_RULES = "Path=/game/link; HttpOnly; SameSite=Strict";
/** The page follows at once; a slow phone may need seconds. */
const COOKIE_LIFETIME_S = 60;
/** Stands for a token that no server made; a cookie of any other text could be split by its characters. */
const MALFORMED = "malformed";
const USER_ID_LENGTH_MAX = 300;

/** A page address with any of these is a link. `username` is decoration and is dropped. */
const LINK_FIELDS = ["autoLogin", "token"];

/** Route option of the pages that the game centre may open. */
export const REDIRECT_LOGIN_LINKS = {
  onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const query = request.query as Readonly<Record<string, unknown>>;
    if (!LINK_FIELDS.some((field) => Object.hasOwn(query, field))) return done();
    void reply
      .header("set-cookie", `${cookieOf(query)}; Max-Age=${COOKIE_LIFETIME_S}${secure(request)}`)
      .redirect("/game", 303);
  },
};

function cookieOf({ token, userId }: Readonly<Record<string, unknown>>): string {
  const wellFormed = typeof token === "string" && isWellFormedToken(token);
  const named = typeof userId === "string" && userId.length <= USER_ID_LENGTH_MAX ? userId : "";
  const value = wellFormed ? `${token}.${Buffer.from(named).toString("base64url")}` : MALFORMED;
  return `${COOKIE}=${value}; ${COOKIE_RULES}`;
}

/** Behind a proxy with TLS the cookie stays on TLS. A made-up header limits its sender only. */
function secure({ headers }: FastifyRequest): string {
  return headers["x-forwarded-proto"] === "https" ? "; Secure" : "";
}

/** `POST /game/link`: the session of the link that this browser has just opened, once. */
export function loginLinkRoute(app: FastifyInstance, services: Services): void {
  app.post("/game/link", async (request, reply) => {
    const sent = readCookie(request);
    if (sent === undefined) return reply.code(204).send();
    const [token = "", named = ""] = sent.split(".");
    const expired = `${COOKIE}=; ${COOKIE_RULES}; Max-Age=0${secure(request)}`;
    const session = await services.readSession(token).catch((error: unknown) => {
      // A server that cannot answer now leaves the link for the next attempt.
      if (isNewDayError(error) && !error.definition.retryable)
        void reply.header("set-cookie", expired);
      throw error;
    });
    void reply.header("set-cookie", expired);
    await requireNamedUser(services.platforms, session, Buffer.from(named, "base64url").toString());
    const { userId, username, platform, expiresAt } = session;
    return { success: true, token, userId, username, platform, expiresAt: expiresAt.getTime() };
  });
}

function readCookie({ headers }: FastifyRequest): string | undefined {
  const pair = headers.cookie?.split("; ").find((one) => one.startsWith(`${COOKIE}=`));
  return pair?.slice(COOKIE.length + 1) || undefined;
}

/** A link whose token belongs to another user than it says was put together by hand. */
async function requireNamedUser(
  platforms: PlatformDirectory,
  { userId, platform }: Session,
  named: string,
): Promise<void> {
  if (named === "" || named === userId) return;
  const meant = await resolveUserIdSaidBy(platforms, platform, named).catch(() => undefined);
  if (meant === userId) return;
  throw new NewDayError("invalid_token", {
    field: "userId",
    reason: "unknown",
    rule: { en: "is not the user of the token", zh: "与 Token 的用户不一致" },
  });
}
