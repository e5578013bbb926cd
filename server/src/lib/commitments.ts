/**
 * Salted commitments of personal texts: a chain or seal is made over the commitment, so that text and salt can
 * be dropped later. Without the salt a commitment says nothing about its text, even when the text is guessed.
 */
import { createHash, randomBytes } from "node:crypto";

const SALT_BYTES = 16;

export interface Commitment {
  /** 32 bytes: SHA-256 over the salt and the text in UTF-8. */
  readonly commitment: Buffer;
  /** 16 random bytes. */
  readonly salt: Buffer;
}

/** Commits to the text with a new salt. */
export function commit(text: string): Commitment {
  const salt = randomBytes(SALT_BYTES);
  return { commitment: commitmentOf(text, salt), salt };
}

/** Whether the commitment was made of this text with this salt. */
export function isCommitmentOf(text: string, { commitment, salt }: Commitment): boolean {
  return salt.length === SALT_BYTES && commitmentOf(text, salt).equals(commitment);
}

function commitmentOf(text: string, salt: Buffer): Buffer {
  return createHash("sha256").update(salt).update(text, "utf8").digest();
}
