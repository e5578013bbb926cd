/** Assertions as a platform's server signs them for the users of `addTestPlatform`. */
import { SignJWT } from "jose";

/** The secret of `addTestPlatform`. */
export function secretOf(platform: string): string {
  return `a secret of ${platform} that is long enough`;
}

/** A fresh assertion with a nonce of its own, unless `claims` say otherwise. */
export function signAssertion(
  platform: string,
  sub: string,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT({ jti: crypto.randomUUID(), iss: platform, aud: "newday", sub, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("2m")
    .sign(new TextEncoder().encode(secretOf(platform)));
}
