/** Tokens: their form, and the hash that is stored in their place. */
import { createHash, randomBytes } from "node:crypto";

/** AllinONE's backend recognises New Day's tokens by this prefix (docs/contract.md 2.1). */
const TOKEN_PREFIX = "nd_token_";
const TOKEN_BYTES = 32;
/** 7 days, the life that the live server stated to the millisecond. */
export const TOKEN_LIFETIME_MS = 604_800_000;
const TOKEN = /^nd_token_[A-Za-z0-9_-]{43}$/;

/** 256 random bits behind the prefix, safe in a URL and a header. */
export function createToken(): string {
  return TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Cheap refusal of every other form of token, such as a client's made-up `local_` token. */
export function isWellFormedToken(token: string): boolean {
  return TOKEN.test(token);
}

/** Of a token or a key. 256 random bits make a salt needless. */
export function hashCredential(credential: string): Buffer {
  return createHash("sha256").update(credential).digest();
}
