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
/** Clocks of two companies differ by seconds; a minute is also what JWT libraries suggest. */
const CLOCK_LEEWAY_S = 60;
const NONCE_LENGTH_MAX = 128;

export interface AssertionRules {
  /** Secret by platform. */
  readonly secrets: ReadonlyMap<string, string>;
  /** True in a sandbox: its developers may learn from the answer which claim is wrong. */
  readonly tellsReason: boolean;
}

/**
 * Verifies signature, audience, age and the form of the claims. `iat` and `exp` may be off by
 * `CLOCK_LEEWAY_S` and have fractions. Errors: `invalid_token`, equal for every cause in production;
 * the message of its `cause` is the reason, for the log.
 */
export async function verifyAssertion(
  assertion: string,
  platform: string,
  rules: AssertionRules,
): Promise<Assertion> {
  try {
    return toAssertion(await verifySignature(assertion, platform, rules.secrets), platform);
  } catch (cause) {
    throw refusal(cause as Error, rules.tellsReason);
  }
}

async function verifySignature(
  assertion: string,
  platform: string,
  secrets: AssertionRules["secrets"],
): Promise<JWTPayload> {
  const secret = secrets.get(platform);
  if (secret === undefined) throw new Error(`no secret of the platform ${platform} is configured`);
  const { payload } = await jwtVerify(assertion, new TextEncoder().encode(secret), {
    algorithms: ["HS256"],
    audience: ASSERTION_AUDIENCE,
    issuer: platform,
    maxTokenAge: ASSERTION_LIFETIME_MAX_S,
    clockTolerance: CLOCK_LEEWAY_S,
    requiredClaims: ["sub", "exp", "iat", "jti"],
  });
  return payload;
}

/** `jose` has checked that `exp` and `iat` are numbers near now; it takes `sub` and `jti` of any type. */
function toAssertion({ sub, jti, exp = 0, iat = 0 }: JWTPayload, platform: string): Assertion {
  if (!isPlainText(sub)) throw new Error('"sub" must be a text without control characters');
  if (!isPlainText(jti) || jti.length > NONCE_LENGTH_MAX)
    throw new Error(
      `"jti" must be a text of 1 to ${NONCE_LENGTH_MAX} characters without control characters`,
    );
  if (Math.floor(exp) - Math.floor(iat) > ASSERTION_LIFETIME_MAX_S)
    throw new Error(`"exp" must be at most ${ASSERTION_LIFETIME_MAX_S} s after "iat"`);
  return { platform, externalId: sub, nonce: jti, expiresAt: new Date(exp * 1000) };
}

/** PostgreSQL stores neither NUL nor half a letter. */
function isPlainText(value: unknown): value is string {
  return typeof value === "string" && /^[^\p{Cc}\p{Cs}]+$/u.test(value);
}

function refusal(cause: Error, tellsReason: boolean): NewDayError {
  return new NewDayError(
    "invalid_token",
    {
      field: "assertion",
      rule: {
        en: "must be a fresh, unused HS256 JWT of the platform with iss, aud, sub, iat, exp and jti",
        zh: "必须是平台新签发且未使用过的 HS256 JWT，含 iss、aud、sub、iat、exp、jti",
      },
      remedy: { en: "Sign a new one; see docs/login.md.", zh: "请重新签名，见 docs/login.md" },
      ...(tellsReason ? { reason: cause.message } : {}),
    },
    { cause },
  );
}
