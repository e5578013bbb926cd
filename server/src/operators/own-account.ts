/** What operators change of their own: password and second factor. Each needs the password again. */
import type { Database } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { insertOperatorChange } from "../identity/operator-changes/operator-changes.ts";
import type { SecretsKeySource } from "../identity/platforms/secrets-key.ts";
import type { JsonObject } from "../engine/operation.ts";
import { requireOperatorById } from "./accounts.ts";
import { updatePassword, updateSecondFactor, type OperatorProofRow } from "./operator-queries.ts";
import type { OperatorSession } from "./operator-sessions.ts";
import { hashPassword, requirePassword, verifyPassword } from "./passwords.ts";
import { createSecondFactor } from "./second-factor.ts";
import { endSessionsOfOperator, clearSignIns } from "./session-queries.ts";
import { boundGuesses, useSecondFactorCode } from "./sign-in.ts";

/** Guesses by who holds a session, wherever it is used. */
const WITHIN_SESSION = "session";

/** Returns how many other sessions ended. Errors: `sign_in_refused`, `invalid_field`. */
export async function changeOwnPassword(
  db: Database,
  session: OperatorSession,
  { password, newPassword }: { readonly password: string; readonly newPassword: string },
): Promise<number> {
  const operator = await requireProof(db, session, password);
  requirePassword(newPassword, operator.login);
  const hash = await hashPassword(newPassword);
  return db.transaction(async (tx) => {
    await updatePassword(tx, operator.id, hash);
    await log(tx, operator, "operator password", { password: "set" });
    return endSessionsOfOperator(tx, operator.id, session.tokenHash);
  });
}

/**
 * A secret for an authenticator app, which counts once it is confirmed. Errors: `sign_in_refused`,
 * `second_factor_required` for an operator who has one and sent no code, `secrets_key_missing`.
 */
export async function startSecondFactor(
  db: Database,
  key: SecretsKeySource,
  session: OperatorSession,
  { password, code }: { readonly password: string; readonly code: string | undefined },
): Promise<{ secret: string; uri: string }> {
  const operator = await requireProof(db, session, password);
  if (operator.hasSecondFactor) {
    if (code === undefined) throw new NewDayError("second_factor_required", {});
    if (!(await useSecondFactorCode(db, key, operator, code)))
      throw new NewDayError("sign_in_refused", {});
  }
  const { sealed, secret, uri } = createSecondFactor(key, operator);
  await db.transaction(async (tx) => {
    await updateSecondFactor(tx, operator.id, sealed);
    await log(tx, operator, "operator second-factor", { secondFactor: "unconfirmed" });
  });
  return { secret, uri };
}

/** Ends every session and returns how many; undefined for a wrong code. Errors: `secrets_key_missing`. */
export async function confirmSecondFactor(
  db: Database,
  key: SecretsKeySource,
  { operatorId }: OperatorSession,
  code: string,
): Promise<number | undefined> {
  const operator = await requireOperatorById(db, operatorId);
  if (!(await useSecondFactorCode(db, key, operator, code))) return undefined;
  return db.transaction(async (tx) => {
    await log(tx, operator, "operator second-factor", { secondFactor: "confirmed" });
    return endSessionsOfOperator(tx, operator.id);
  });
}

async function requireProof(
  db: Database,
  { operatorId }: OperatorSession,
  password: string,
): Promise<OperatorProofRow> {
  const operator = await requireOperatorById(db, operatorId);
  const here = { login: operator.login, network: WITHIN_SESSION };
  await boundGuesses(db, here);
  if (!(await verifyPassword(operator.passwordHash, password)))
    throw new NewDayError("sign_in_refused", { field: "password" });
  await clearSignIns(db, here);
  return operator;
}

function log(
  tx: Parameters<typeof insertOperatorChange>[0],
  { login }: OperatorProofRow,
  what: string,
  after: JsonObject,
): Promise<void> {
  const change = { what, subject: login, before: null, after, accounts: 0n };
  return insertOperatorChange(tx, { operator: `operator:${login}`, dryRun: false }, change);
}
