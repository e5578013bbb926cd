/** The second factor of operators: time-based one-time passwords of RFC 6238, from any authenticator app. */
import { Secret, TOTP } from "otpauth";
import {
  openSecret,
  readKeyring,
  sealSecret,
  type SealedSecret,
  type SecretsKeySource,
} from "../identity/platforms/secrets-key.ts";
import { NewDayError } from "../errors/errors.ts";

const ISSUER = "New Day";
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
const PERIOD_S = 30;
/** One step before and after: clocks differ, and people type slowly. */
const WINDOW = 1;

export interface NewSecondFactor {
  readonly sealed: SealedSecret;
  /** For people who type it. */
  readonly secret: string;
  /** For the app, as text or as a QR code. */
  readonly uri: string;
}

/** A new secret for an operator. Errors: `secrets_key_missing`. */
export function createSecondFactor(
  key: SecretsKeySource,
  { id, login }: { readonly id: string; readonly login: string },
): NewSecondFactor {
  const secret = new Secret({ size: SECRET_BYTES });
  const { base32 } = secret;
  const uri = totpOf(base32, login).toString();
  return { sealed: sealSecret(readKeyring(key), boundTo(id), base32), secret: base32, uri };
}

/**
 * The time step of a code that is right now and was not used yet; undefined for any other. Errors:
 * `secrets_key_missing` when this process has not the key of the secret.
 */
export function acceptedStep(
  key: SecretsKeySource,
  factor: SealedSecret & { readonly id: string; readonly lastStep: bigint | null },
  code: string,
): bigint | undefined {
  const secret = openSecret(readKeyring(key), { ...factor, platform: boundTo(factor.id) });
  if (secret === undefined) throw new NewDayError("secrets_key_missing", {});
  const now = Date.now();
  const delta = totpOf(secret, "").validate({ token: code, timestamp: now, window: WINDOW });
  if (delta === null) return undefined;
  const step = BigInt(Math.floor(now / 1000 / PERIOD_S) + delta);
  return factor.lastStep !== null && step <= factor.lastStep ? undefined : step;
}

/** The owner that the ciphertext is bound to: one operator's secret opens nothing for another. */
export function boundTo(operatorId: string): string {
  return `operator:${operatorId}`;
}

function totpOf(base32: string, label: string): TOTP {
  const secret = Secret.fromBase32(base32);
  return new TOTP({ issuer: ISSUER, label, secret, period: PERIOD_S });
}
