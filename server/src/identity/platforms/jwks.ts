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
  if (key["use"] !== undefined && key["use"] !== "sig")
    throw refusal('holds a key whose "use" is not "sig"', "包含 use 不是 sig 的密钥");
  const known = MEMBERS.flatMap((member) =>
    typeof key[member] === "string" ? [[member, key[member]]] : [],
  );
  return { ...Object.fromEntries(known), kty: String(key["kty"]), alg };
}

function refusal(en: string, zh: string): NewDayError {
  return new NewDayError("invalid_field", { field: "jwks", rule: { en, zh } });
}
