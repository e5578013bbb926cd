/** The proof of who a user is, signed by the platform's own server with Web Crypto. */
import { randomKey } from "./request.ts";

const LIFETIME_S = 120;

/** A `CryptoKey`, in the words of browsers and Node alike. */
type SigningKey = Parameters<typeof crypto.subtle.sign>[1];

interface AssertionFacts {
  /** The platform's name at New Day. */
  readonly platform: string;
  /** The user's id at the platform. */
  readonly userId: string;
  /** At most 300; 120 by default. */
  readonly expiresInSeconds?: number;
}

export type AssertionSigner =
  | { readonly secret: string }
  /** A private key whose public half stands in the platform's JWKS: ES256, RS256 or EdDSA. */
  | { readonly key: SigningKey; readonly kid: string };

/**
 * Returns a new assertion, which opens one session. Call it on the platform's server: the secret
 * never belongs into a page.
 */
export async function signAssertion(facts: AssertionFacts & AssertionSigner): Promise<string> {
  requireText("platform", facts.platform);
  requireText("userId", facts.userId);
  if ("secret" in facts) requireText("secret", facts.secret);
  const key = "secret" in facts ? await hmacKey(facts.secret) : facts.key;
  const header = {
    alg: jwtAlgorithm(key),
    typ: "JWT",
    ...("kid" in facts ? { kid: facts.kid } : {}),
  };
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: facts.platform,
    aud: "newday",
    sub: facts.userId,
    iat,
    exp: iat + (facts.expiresInSeconds ?? LIFETIME_S),
    jti: randomKey(),
  };
  const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
  const signature = await crypto.subtle.sign(
    { name: key.algorithm.name, hash: "SHA-256" },
    key,
    new TextEncoder().encode(signed),
  );
  return `${signed}.${base64url(new Uint8Array(signature))}`;
}

/** A missing setting is `undefined` in JavaScript, whatever the types say. */
function requireText(name: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "")
    throw new TypeError(`${name} of signAssertion is empty`);
}

function hmacKey(secret: string): Promise<SigningKey> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, ["sign"]);
}

function jwtAlgorithm({ algorithm: { name } }: SigningKey): string {
  const known: Readonly<Record<string, string>> = {
    HMAC: "HS256",
    ECDSA: "ES256",
    "RSASSA-PKCS1-v1_5": "RS256",
    Ed25519: "EdDSA",
  };
  const jwt = known[name];
  if (jwt === undefined) throw new TypeError(`a key of ${name} signs no assertion`);
  return jwt;
}

function encode(text: string): string {
  return base64url(new TextEncoder().encode(text));
}

function base64url(bytes: Uint8Array): string {
  const binary = String.fromCharCode(...bytes);
  return btoa(binary).replace(/[+/=]/g, (one) => ({ "+": "-", "/": "_" })[one] ?? "");
}
