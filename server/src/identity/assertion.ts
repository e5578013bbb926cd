/**
 * The login proof of a platform: a short-lived HS256 JWT, signed with the platform's secret, that
 * names one user. It is bound to New Day (`aud`), expires within minutes and opens one session
 * only.
 */
import { jwtVerify, type JWTPayload } from "jose";
import { NewDayError } from "../errors/errors.ts";

export interface Assertion {
  readonly platform: string;
  readonly externalId: string;
  readonly nonce: string;
  readonly expiresAt: Date;
}

const ASSERTION_AUDIENCE = "newday";
/** Long enough for a slow phone and skewed clocks, short enough to be useless in a log. */
const ASSERTION_LIFETIME_MAX_S = 5 * 60;
const NONCE_LENGTH_MAX = 128;

/**
 * Verifies signature, audience, age and nonce form. `secrets` maps a platform to its secret.
 * Errors: `invalid_token`, equal for every cause.
 */
export async function verifyAssertion(
  assertion: string,
  platform: string,
  secrets: ReadonlyMap<string, string>,
): Promise<Assertion> {
  const secret = secrets.get(platform);
  if (secret === undefined) throw refusal();
  const payload = await jwtVerify(assertion, new TextEncoder().encode(secret), {
    algorithms: ["HS256"],
    audience: ASSERTION_AUDIENCE,
    issuer: platform,
    maxTokenAge: ASSERTION_LIFETIME_MAX_S,
    requiredClaims: ["sub", "exp", "iat", "jti"],
  }).then(
    (result) => result.payload,
    (cause: unknown) => {
      throw refusal(cause);
    },
  );
  return toAssertion(payload, platform);
}

function toAssertion(payload: JWTPayload, platform: string): Assertion {
  const { sub, jti, exp, iat } = payload;
  if (sub === undefined || jti === undefined || exp === undefined || iat === undefined)
    throw refusal();
  if (exp - iat > ASSERTION_LIFETIME_MAX_S) throw refusal();
  if (jti.length > NONCE_LENGTH_MAX) throw refusal();
  return { platform, externalId: sub, nonce: jti, expiresAt: new Date(exp * 1000) };
}

function refusal(cause?: unknown): NewDayError {
  return new NewDayError(
    "invalid_token",
    {
      field: "assertion",
      rule: "must be a fresh, unused HS256 JWT of the platform with iss, aud, sub, iat, exp and jti",
      ruleZh: "必须是平台新签发且未使用过的 HS256 JWT，含 iss、aud、sub、iat、exp、jti",
      remedy: "Sign a new one; see docs/login.md.",
      remedyZh: "请重新签名，见 docs/login.md",
    },
    { cause },
  );
}
