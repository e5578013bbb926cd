/** Which logins and sessions this server accepts. */
import { createHmac } from "node:crypto";
import { LEGACY_PLATFORMS } from "./platforms.ts";

export interface LoginPolicy {
  /** False in production: every login then needs an assertion. */
  readonly allowUnverified: boolean;
  readonly secrets: ReadonlyMap<string, string>;
}

/** The part of a session that this server's settings accept or refuse. */
export interface ProofOfSession {
  readonly platform: string;
  readonly proven: boolean;
  /** Null in an unverified session, and in a verified one of an earlier release. */
  readonly secretMark: Buffer | null;
}

/**
 * Returns the mark of a secret, which is stored beside the sessions that it proved. 64 bits tell the few
 * secrets of a platform apart, and a keyed hash of a long secret does not reveal it.
 */
export function markSecret(secret: string): Buffer {
  return createHmac("sha256", secret).update("newday session").digest().subarray(0, 8);
}

/** Returns a check that is true while the platform of a session still has the secret that proved it. */
export function createProofCheck({
  secrets,
}: Pick<LoginPolicy, "secrets">): (session: ProofOfSession) => boolean {
  const marks = new Map([...secrets].map(([platform, secret]) => [platform, markSecret(secret)]));
  return ({ platform, proven, secretMark }) => {
    const mark = marks.get(platform);
    if (!proven) return mark !== undefined || LEGACY_PLATFORMS.includes(platform);
    return mark !== undefined && (secretMark === null || mark.equals(secretMark));
  };
}
