/** Passwords of operators: their rule, and the hash that is stored in their place. */
import { NewDayError } from "../errors/errors.ts";

/** NIST SP 800-63B-4: length is what counts, where a password is not the only factor 8, alone 15; rules of letters are no help. */
export const PASSWORD_LENGTH_MIN = 15;
/** A longer text is no password that a person types, and hashing it costs as much. */
export const PASSWORD_LENGTH_MAX = 256;
/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane; about 20 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Errors: `invalid_field` for a password that is too short, too long, or says the login. */
export function requirePassword(password: string, login: string): void {
  const { length } = Array.from(password.normalize("NFC"));
  if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX)
    throw refused({
      en: `has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters, such as four words`,
      zh: `应为 ${PASSWORD_LENGTH_MIN} 到 ${PASSWORD_LENGTH_MAX} 个字符，例如四个单词`,
    });
  if (new Set(password).size < 5 || password.toLowerCase().includes(login))
    throw refused({
      en: "is not the login, and has at least five different characters",
      zh: "不能包含登录名，且至少含五种不同字符",
    });
}

/** Loaded with the first password: a start and the commands do without. */
const loadArgon2 = () => import("@node-rs/argon2");

/** The PHC string of argon2id with a salt of its own. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await loadArgon2();
  return hash(password.normalize("NFC"), COST);
}

/** Of no operator: verifying against it takes as long as against a real one. */
let decoy: Promise<string> | undefined;

/** False for a missing hash too, after the same time, so that an unknown login looks like a wrong password. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword("of no operator");
  const { verify } = await loadArgon2();
  const matches = await verify(stored ?? (await decoy), password.normalize("NFC"));
  return matches && stored !== null;
}

function refused(rule: { en: string; zh: string }): NewDayError {
  return new NewDayError("invalid_field", { field: "password", rule });
}
