/** The session or key behind a request of an operator. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Database } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { hashCredential } from "../identity/token.ts";
import { findOperatorKey } from "./operator-key-queries.ts";
import type { OperatorRole } from "./roles.ts";
import { findOperatorSession, touchOperatorSession } from "./session-queries.ts";
import { SESSION_IDLE_MS } from "./sign-in.ts";

/** Who acts: a person with a session, or a machine with a key. */
export interface Operator {
  /** As the log of acts names it. */
  readonly name: string;
  readonly role: OperatorRole;
  /** null for a machine. */
  readonly session: OperatorSession | null;
}

export interface OperatorSession {
  readonly operatorId: string;
  readonly login: string;
  readonly displayName: string;
  readonly secondFactor: boolean;
  readonly hasSecondFactor: boolean;
  readonly expiresAt: Date;
  readonly tokenHash: Buffer;
  /** What a request that changes something sends beside the cookie. */
  readonly csrfToken: string;
}

const SESSION_TOKEN = /^nd_operator_[A-Za-z0-9_-]{43}$/;
const KEY = /^nd_admin_[A-Za-z0-9_-]{43}$/;

/** Errors: `operator_session_invalid` for every token that opens nothing. */
export async function readOperatorSession(db: Database, token: string): Promise<Operator> {
  const tokenHash = hashCredential(token);
  const row = SESSION_TOKEN.test(token)
    ? await findOperatorSession(db, tokenHash, SESSION_IDLE_MS)
    : undefined;
  if (!row) throw new NewDayError("operator_session_invalid", {});
  await touchOperatorSession(db, tokenHash);
  const { role, createdAt: _, lastUsedAt: __, ...session } = row;
  return {
    name: `operator:${row.login}`,
    role,
    session: { ...session, tokenHash, csrfToken: csrfTokenOf(token) },
  };
}

/** Errors: `operator_session_invalid` for a key that is unknown, expired or revoked. */
export async function readOperatorKey(db: Database, key: string): Promise<Operator> {
  const row = KEY.test(key) ? await findOperatorKey(db, hashCredential(key)) : undefined;
  if (!row) throw new NewDayError("operator_session_invalid", {});
  return { name: `operator-key:${row.id}`, role: row.role, session: null };
}

/** Follows from the token, which no page can read, so a page of another origin cannot make it. */
function csrfTokenOf(token: string): string {
  return createHmac("sha256", token).update("newday csrf").digest("base64url");
}

/** Errors: `csrf_refused`. */
export function requireCsrfToken({ csrfToken }: OperatorSession, sent: unknown): void {
  const expected = Buffer.from(csrfToken);
  const given = Buffer.from(typeof sent === "string" ? sent : "");
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw new NewDayError("csrf_refused", { field: "X-CSRF-Token" });
}
