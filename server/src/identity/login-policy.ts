/** Which logins and sessions this server accepts. */
import type { JwksReader } from "./platforms/jwks.ts";
import type { Platform, PlatformDirectory } from "./platforms/platform-directory.ts";

export interface LoginPolicy {
  /** False in production: every login then needs an assertion. */
  readonly allowUnverified: boolean;
  readonly platforms: PlatformDirectory;
  readonly readKeys: JwksReader;
}

/** The part of a session that its platform's secrets and keys accept or refuse. */
export interface ProofOfSession {
  readonly isVerified: boolean;
  /** Null in an unverified session, and in a verified one of an earlier release. */
  readonly secretMark: Buffer | null;
}

/**
 * True while the platform has not withdrawn the secret or key that proved the session. A retired secret's
 * sessions go on; those of a key end when an operator takes it from the stored set.
 */
export function isProofCurrent(
  { isVerified, secretMark }: ProofOfSession,
  { secrets, keyMarks, jwksUrl }: Platform,
): boolean {
  if (!isVerified) return true;
  const kept = secrets.filter(({ withdrawnAt }) => withdrawnAt === null);
  if (secretMark === null) return kept.length > 0;
  const known = secrets.find(({ mark }) => mark.equals(secretMark));
  if (known) return known.withdrawnAt === null;
  return jwksUrl !== null || keyMarks.some((mark) => mark.equals(secretMark));
}
