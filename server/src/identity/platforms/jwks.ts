/** Public keys of platforms: the set's form, inline sets, and sets at an address of the platform. */
import { createPublicKey } from "node:crypto";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
} from "jose";
import { NewDayError } from "../../errors/errors.ts";
import { fetchPublicly, type AllowedNetworks } from "./public-fetch.ts";
import type { PlatformRow } from "./platform-queries.ts";

export const PUBLIC_KEY_ALGORITHMS = ["ES256", "RS256", "EdDSA"] as const;

const KEYS_MAX = 20;
/** A set of twenty RSA keys with certificates stays below it. */
const SET_BYTES_MAX = 65_536;
/** RFC 7518, 3.3; a shorter one verifies no login. */
const RSA_BITS_MIN = 2048;
/** FIPS 186-5, 5.4: with an exponent of 1 or 3 a signature that verifies needs no private key. */
const RSA_EXPONENT_MIN = 65_537n;
/** Points of Ed25519 of an order up to 8, without the sign: their signatures need no private key (RFC 7748, 6). */
const SMALL_ORDER_POINTS = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);
const FETCH_TIMEOUT_MS = 3_000;
/** The longest time that a removed key goes on proving logins. */
const CACHED_FOR_MS = 10 * 60_000;
/** A new `kid` is fetched at once, and then at most this often. */
const COOLDOWN_MS = 30_000;
/** After a failure; meanwhile a login is refused without another attempt. */
const RETRY_AFTER_MS = 5_000;

/** Each kind of key signs with one algorithm only, whatever a header says. */
const ALGORITHM_OF: Readonly<Record<string, string>> = {
  "EC P-256": "ES256",
  RSA: "RS256",
  "OKP Ed25519": "EdDSA",
};
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const MEMBERS = ["kty", "crv", "x", "y", "n", "e", "kid"];

/** Thrown when the keys cannot be had now; the message is for the log. */
export class JwksUnavailable extends Error {}

export type JwksReader = (
  platform: Pick<PlatformRow, "jwks" | "jwksUrl">,
) => JWTVerifyGetKey | undefined;

/** Cache: one set per address, evicted after ten minutes; at most one fetch at a time each. */
export function createJwksReader(allowed: AllowedNetworks): JwksReader {
  const remote = new Map<string, JWTVerifyGetKey>();
  return ({ jwks, jwksUrl }) => {
    if (jwks) return createLocalJWKSet(requirePublicKeys(jwks));
    if (jwksUrl === null) return undefined;
    const known = remote.get(jwksUrl) ?? createRemoteReader(jwksUrl, allowed);
    remote.set(jwksUrl, known);
    return known;
  };
}

function createRemoteReader(url: string, allowed: AllowedNetworks): JWTVerifyGetKey {
  let failedAt = -Infinity;
  let failure = "";
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: CACHED_FOR_MS,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch]: async () => {
      if (performance.now() - failedAt < RETRY_AFTER_MS) throw new JwksUnavailable(failure);
      try {
        const text = await fetchPublicly(url, {
          allowed,
          bytesMax: SET_BYTES_MAX,
          timeoutMs: FETCH_TIMEOUT_MS,
        });
        return Response.json(requirePublicKeys(JSON.parse(text)));
      } catch (error) {
        failedAt = performance.now();
        failure = `the keys at ${url} cannot be read: ${(error as Error).message}`;
        throw new JwksUnavailable(failure);
      }
    },
  });
}

/** A set of public keys, each with its algorithm pinned. Errors: `invalid_field` about `jwks`. */
export function requirePublicKeys(value: unknown): JSONWebKeySet {
  const keys = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > KEYS_MAX)
    throw refusal(
      `must be {"keys": [...]} with 1 to ${KEYS_MAX} keys`,
      `须为 {"keys": [...]}，含 1 到 ${KEYS_MAX} 个密钥`,
    );
  return { keys: keys.map(requirePublicKey) };
}

/**
 * As `requirePublicKeys`, for keys that an operator enters: each can verify, and a login finds one key alone.
 * Errors: `invalid_field` about `jwks`.
 */
export function requireUsableKeys(value: unknown): void {
  const names = new Set<string>();
  for (const key of requirePublicKeys(value).keys) {
    const name = key.kid ?? `without kid, ${key.alg}`;
    if (names.has(name)) throw refusal(`holds two keys ${name}`, `包含两个密钥 ${name}`);
    names.add(name);
    const bits = modulusBitsOf(key);
    if (bits === null) throw refusal(`holds a malformed key ${name}`, `密钥 ${name} 格式错误`);
    if (bits < RSA_BITS_MIN)
      throw refusal(
        `holds an RSA key ${name} of ${bits} bits; at least ${RSA_BITS_MIN} are needed`,
        `RSA 密钥 ${name} 只有 ${bits} 位，至少需要 ${RSA_BITS_MIN} 位`,
      );
  }
}

/** Infinite for other keys than RSA; null for a key that cannot be imported. */
function modulusBitsOf(key: JWK): number | null {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: { ...key }, format: "jwk" });
    return asymmetricKeyDetails?.modulusLength ?? Number.POSITIVE_INFINITY;
  } catch {
    return null;
  }
}

function requirePublicKey(value: unknown): JSONWebKeySet["keys"][number] {
  const key = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { kty, crv } = key;
  const kind = typeof crv === "string" ? `${String(kty)} ${crv}` : String(kty);
  const alg = ALGORITHM_OF[kind];
  if (alg === undefined || (key["alg"] !== undefined && key["alg"] !== alg))
    throw refusal(
      "holds keys of ES256 (EC P-256), RS256 (RSA) or EdDSA (Ed25519) only",
      "只能包含 ES256（EC P-256）、RS256（RSA）或 EdDSA（Ed25519）密钥",
    );
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)))
    throw refusal("holds a private key; send the public members only", "包含私钥；只能发送公钥");
  if (key["kid"] !== undefined && typeof key["kid"] !== "string")
    throw refusal('holds a key whose "kid" is no text', "包含 kid 不是文本的密钥");
  const operations = key["key_ops"];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify")))
    throw refusal('holds a key whose "key_ops" lacks "verify"', "包含 key_ops 没有 verify 的密钥");
  if (provesNothing(key))
    throw refusal(
      "holds a key whose signatures need no private key; make a new pair",
      "包含无需私钥即可签名的密钥；请重新生成密钥对",
    );
  if (key["use"] !== undefined && key["use"] !== "sig")
    throw refusal('holds a key whose "use" is not "sig"', "包含 use 不是 sig 的密钥");
  const known = MEMBERS.flatMap((member) =>
    typeof key[member] === "string" ? [[member, key[member]]] : [],
  );
  return { ...Object.fromEntries(known), kty: String(key["kty"]), alg };
}

/** True for keys whose signatures need no private key. What cannot be read is refused where it is imported. */
function provesNothing({ kty, n, e, x }: Readonly<Record<string, unknown>>): boolean {
  if (kty === "RSA" && typeof n === "string" && typeof e === "string") {
    const [modulus, exponent] = [wholeOf(n), wholeOf(e)];
    const areOdd = modulus % 2n === 1n && exponent % 2n === 1n;
    return !areOdd || exponent < RSA_EXPONENT_MIN || exponent >= modulus;
  }
  if (kty !== "OKP" || typeof x !== "string") return false;
  const point = Buffer.from(x, "base64url");
  const sign = point.at(-1);
  if (sign !== undefined) point[point.length - 1] = sign & 0x7f;
  return SMALL_ORDER_POINTS.has(point.toString("hex"));
}

function wholeOf(base64url: string): bigint {
  return BigInt(`0x0${Buffer.from(base64url, "base64url").toString("hex")}`);
}

function refusal(en: string, zh: string): NewDayError {
  return new NewDayError("invalid_field", { field: "jwks", rule: { en, zh } });
}
