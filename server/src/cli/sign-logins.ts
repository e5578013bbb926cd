/** Signs the logins of the checks, as a platform's backend does for its page (docs/login.md). */
import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Transport } from "../../../integration/checks/transport.ts";

const LOGIN_PATH = "/api/allinone/auth/login";
/** The platform of a login body that names none. */
const DEFAULT_PLATFORM = "allinone";
const LIFETIME = "2m";

interface LoginBody {
  readonly platform?: string;
  readonly token?: string;
  readonly assertion?: string;
  readonly allinoneUserId?: string;
  readonly userId?: string;
  readonly playerId?: string;
}

/**
 * Returns a transport that adds an `assertion` to every login of a platform whose secret is known. Other
 * requests, and logins that carry a token, pass unchanged.
 */
export function withSignedLogins(
  transport: Transport,
  secrets: ReadonlyMap<string, string>,
): Transport {
  return async (request) => {
    if (request.method !== "POST" || !request.url.endsWith(LOGIN_PATH)) return transport(request);
    const body = parseBody(request.body ?? "");
    const userId = body?.allinoneUserId ?? body?.userId ?? body?.playerId;
    const platform = body?.platform ?? DEFAULT_PLATFORM;
    const secret = secrets.get(platform);
    if (userId === undefined || body?.token !== undefined || secret === undefined)
      return transport(request);
    const assertion = await sign({ platform, userId, secret });
    return transport({ ...request, body: JSON.stringify({ ...body, assertion }) });
  };
}

/** undefined for a body that a check has broken on purpose. */
function parseBody(text: string): LoginBody | undefined {
  try {
    return JSON.parse(text) as LoginBody;
  } catch {
    return undefined;
  }
}

function sign(login: { platform: string; userId: string; secret: string }): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(login.platform)
    .setAudience("newday")
    .setSubject(login.userId)
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(new TextEncoder().encode(login.secret));
}
