/** Signing in: password, second factor, and the bounds on guesses. */
import { randomBytes } from "node:crypto";
import type { Database } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import type { SecretsKeySource } from "../identity/platforms/secrets-key.ts";
import { hashCredential } from "../identity/token.ts";
import { findOperator, useSecondFactorStep, type OperatorProofRow } from "./operator-queries.ts";
import { verifyPassword } from "./passwords.ts";
import { acceptedStep } from "./second-factor.ts";
import { clearSignIns, insertOperatorSession, noteSignIn } from "./session-queries.ts";

export interface SignIn {
  readonly login: string;
  readonly password: string;
  readonly code?: string | undefined;
  /** Where it comes from; guesses are counted by it. */
  readonly network: string;
}

/** A working day; a stolen cookie is worth no more. */
export const SESSION_LIFETIME_MS = 12 * 60 * 60_000;
/** A machine that is left alone. */
export const SESSION_IDLE_MS = 60 * 60_000;
const TOKEN_BYTES = 32;

const GUESSES_WITHIN_MS = 15 * 60_000;
/** A person who mistypes has five tries, one more tells an attacker. */
const GUESSES_HERE_MAX = 5;
/** Bounds an attacker with many addresses; high, because it also shuts out the operator. */
const GUESSES_EVERYWHERE_MAX = 50;

/**
 * Opens a session; the token is its only copy. Errors: `sign_in_refused` for an unknown login, a wrong password, a
 * used or wrong code, or an operator who is suspended or invited, all alike; `second_factor_required` with the right
 * password and no code; `sign_in_locked` after too many refusals; `secrets_key_missing`.
 */
export async function signIn(
  db: Database,
  key: SecretsKeySource,
  { login, password, code, network }: SignIn,
): Promise<{ token: string; operatorId: string }> {
  const here = { login, network };
  await boundGuesses(db, here);
  const operator = await findOperator(db, { login });
  const isRight = await verifyPassword(operator?.passwordHash ?? null, password);
  if (!operator || !isRight || operator.status !== "active")
    throw new NewDayError("sign_in_refused", {});
  const secondFactor = await requireSecondFactor(db, key, operator, code);
  await clearSignIns(db, here);
  const token = `nd_operator_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
  await insertOperatorSession(db, {
    hash: hashCredential(token),
    operatorId: operator.id,
    secondFactor,
    lifetimeMs: SESSION_LIFETIME_MS,
  });
  return { token, operatorId: operator.id };
}

/** Counts a guess, which `clearSignIns` clears after a success. Errors: `sign_in_locked`. */
export async function boundGuesses(
  db: Database,
  here: { readonly login: string; readonly network: string },
): Promise<void> {
  const counts = await noteSignIn(db, { ...here, withinMs: GUESSES_WITHIN_MS });
  if (counts.here > GUESSES_HERE_MAX || counts.everywhere > GUESSES_EVERYWHERE_MAX)
    throw new NewDayError("sign_in_locked", { retryAfterS: GUESSES_WITHIN_MS / 1000 });
}

/** False for an operator without one. */
async function requireSecondFactor(
  db: Database,
  key: SecretsKeySource,
  operator: OperatorProofRow,
  code: string | undefined,
): Promise<boolean> {
  if (operator.secondFactorStep === null) return false;
  if (code === undefined) throw new NewDayError("second_factor_required", {});
  if (!(await useSecondFactorCode(db, key, operator, code)))
    throw new NewDayError("sign_in_refused", {});
  return true;
}

/** Uses up a right code; false for a wrong or used one. Errors: `secrets_key_missing`. */
export async function useSecondFactorCode(
  db: Database,
  key: SecretsKeySource,
  operator: OperatorProofRow,
  code: string,
): Promise<boolean> {
  const { id, secondFactor, secondFactorMark, secondFactorKey, secondFactorStep } = operator;
  if (!secondFactor || !secondFactorMark || secondFactorKey === null) return false;
  const sealed = {
    id,
    ciphertext: secondFactor,
    mark: secondFactorMark,
    keyFingerprint: secondFactorKey,
    lastStep: secondFactorStep,
  };
  const step = acceptedStep(key, sealed, code);
  return step !== undefined && useSecondFactorStep(db, id, step);
}
