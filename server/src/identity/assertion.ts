/**
 * The login proof of a platform: a short-lived JWT, signed with one of the platform's secrets (HS256) or keys
 * (ES256, RS256, EdDSA), that names one user. It is bound to New Day (`aud`), expires within minutes and
 * opens one session only.
 */
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  exportJWK,
  jwtVerify,
  type JWTPayload,
} from "jose";
import { isNewDayError, NewDayError } from "../errors/errors.ts";
import { JwksUnavailable, PUBLIC_KEY_ALGORITHMS, type JwksReader } from "./platforms/jwks.ts";
import { liveSecrets, type Platform } from "./platforms/platform-directory.ts";
import { markPublicKey } from "./platforms/secret-mark.ts";

export interface Assertion {
  readonly platform: string;
  readonly externalId: string;
  readonly nonce: string;
  readonly expiresAt: Date;
  /** Of the secret or the public key that proved it, as a session keeps it. */
  readonly keyMark: Buffer;
}

const ASSERTION_AUDIENCE = "newday";
/** Long enough for a slow phone and skewed clocks, short enough to be useless in a log. */
const ASSERTION_LIFETIME_MAX_S = 5 * 60;
/** Clocks of two companies differ by seconds; a minute is also what JWT libraries suggest. */
const CLOCK_LEEWAY_S = 60;
const NONCE_LENGTH_MAX = 128;

export interface AssertionRules {
  readonly readKeys: JwksReader;
  /** True in a sandbox: its developers may learn from the answer which claim is wrong. */
  readonly tellsReason: boolean;
}

/** The platform that an assertion claims, before anything is verified; undefined for another text. */
export function claimedPlatform(assertion: string): string | undefined {
  try {
    const { iss } = decodeJwt(assertion);
    return typeof iss === "string" ? iss : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Verifies signature, audience, age and the form of the claims. `iat` and `exp` may be off by
 * `CLOCK_LEEWAY_S` and have fractions. Errors: `invalid_token`, equal for every cause in production, and
 * `proof_unavailable`; the message of its `cause` is the reason, for the log.
 */
export async function verifyAssertion(
  assertion: string,
  platform: Platform,
  rules: AssertionRules,
): Promise<Assertion> {
  try {
    const { payload, keyMark } = await verifySignature(assertion, platform, rules.readKeys);
    return toAssertion(payload, platform.name, keyMark);
  } catch (cause) {
    if (isNewDayError(cause)) throw cause;
    throw refuseAssertion(cause as Error, rules.tellsReason);
  }
}

interface Verified {
  readonly payload: JWTPayload;
  readonly keyMark: Buffer;
}

function verifySignature(
  assertion: string,
  platform: Platform,
  readKeys: JwksReader,
): Promise<Verified> {
  const { alg } = decodeProtectedHeader(assertion);
  // The algorithm chooses the kind of key, never the other way round: a public key is no HMAC secret.
  return alg === "HS256"
    ? verifyWithSecrets(assertion, platform)
    : verifyWithKeys(assertion, platform, readKeys);
}

async function verifyWithSecrets(assertion: string, platform: Platform): Promise<Verified> {
  const live = liveSecrets(platform);
  if (live.length === 0) throw new Error(`no secret of the platform ${platform.name} is stored`);
  const readable = live.flatMap(({ mark, secret }) =>
    secret === undefined ? [] : [{ mark, secret }],
  );
  let failure: unknown;
  for (const { mark, secret } of readable)
    try {
      const key = new TextEncoder().encode(secret);
      const { payload } = await jwtVerify(assertion, key, rulesOf(platform, ["HS256"]));
      return { payload, keyMark: mark };
    } catch (error) {
      // The claims of an assertion that a secret has signed are judged once.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      failure = error;
    }
  if (readable.length < live.length)
    throw unavailable(
      new Error(`a secret of the platform ${platform.name} is stored under a key that is not here`),
    );
  throw failure;
}

async function verifyWithKeys(
  assertion: string,
  platform: Platform,
  readKeys: JwksReader,
): Promise<Verified> {
  const keys = platform.loginPolicy === "jwks" ? readKeys(platform) : undefined;
  if (!keys) throw new Error(`no public key of the platform ${platform.name} is stored`);
  try {
    const rules = rulesOf(platform, [...PUBLIC_KEY_ALGORITHMS]);
    const { payload, key } = await jwtVerify(assertion, keys, rules);
    return { payload, keyMark: await markPublicKey(await exportJWK(key)) };
  } catch (error) {
    throw error instanceof JwksUnavailable ? unavailable(error) : error;
  }
}

function rulesOf(platform: Platform, algorithms: string[]) {
  return {
    algorithms,
    audience: ASSERTION_AUDIENCE,
    issuer: platform.name,
    maxTokenAge: ASSERTION_LIFETIME_MAX_S,
    clockTolerance: CLOCK_LEEWAY_S,
    requiredClaims: ["sub", "exp", "iat", "jti"],
  };
}

/** `jose` has checked that `exp` and `iat` are numbers near now; it takes `sub` and `jti` of any type. */
function toAssertion(
  { sub, jti, exp = 0, iat = 0 }: JWTPayload,
  platform: string,
  keyMark: Buffer,
): Assertion {
  if (!isPlainText(sub)) throw new Error('"sub" must be a text without control characters');
  if (!isPlainText(jti) || jti.length > NONCE_LENGTH_MAX)
    throw new Error(
      `"jti" must be a text of 1 to ${NONCE_LENGTH_MAX} characters without control characters`,
    );
  if (Math.floor(exp) - Math.floor(iat) > ASSERTION_LIFETIME_MAX_S)
    throw new Error(`"exp" must be at most ${ASSERTION_LIFETIME_MAX_S} s after "iat"`);
  return { platform, externalId: sub, nonce: jti, expiresAt: new Date(exp * 1000), keyMark };
}

/** PostgreSQL stores neither NUL nor half a letter. */
function isPlainText(value: unknown): value is string {
  return typeof value === "string" && /^[^\p{Cc}\p{Cs}]+$/u.test(value);
}

/** The refusal of an assertion; its `cause` is the reason, which a sandbox also answers. */
export function refuseAssertion(cause: Error, tellsReason: boolean): NewDayError {
  return new NewDayError(
    "invalid_token",
    {
      field: "assertion",
      rule: {
        en: "must be a fresh, unused JWT, signed by the platform, with iss, aud, sub, iat, exp and jti",
        zh: "必须是由平台签名、新签发且未使用过的 JWT，含 iss、aud、sub、iat、exp、jti",
      },
      remedy: { en: "Sign a new one; see docs/login.md.", zh: "请重新签名，见 docs/login.md" },
      ...(tellsReason ? { reason: cause.message } : {}),
    },
    { cause },
  );
}

function unavailable(cause: Error): NewDayError {
  return new NewDayError("proof_unavailable", {}, { cause });
}
