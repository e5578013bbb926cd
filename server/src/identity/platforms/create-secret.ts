import { randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** A new secret: 256 random bits, as HS256 uses them. */
export function createPlatformSecret(): string {
  return `nd_secret_${randomBytes(SECRET_BYTES).toString("base64url")}`;
}
