/** Marks of the secrets and keys that prove sessions; 64 bits tell the few of a platform apart. */
import { createHash, createHmac } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";

/** Returns the mark of a secret. A keyed hash of a long secret does not reveal it. */
export function markSecret(secret: string): Buffer {
  return createHmac("sha256", secret).update("newday session").digest().subarray(0, 8);
}

/** Returns the mark of a public key, from its thumbprint (RFC 7638). */
export async function markPublicKey(key: JWK): Promise<Buffer> {
  const thumbprint = await calculateJwkThumbprint(key);
  return createHash("sha256").update(`newday session ${thumbprint}`).digest().subarray(0, 8);
}
