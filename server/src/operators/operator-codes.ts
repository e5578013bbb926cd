/** One-time codes: of the first owner, of an invitation, of a lost password. */
import { randomBytes } from "node:crypto";
import type { Queryable } from "../db/database.ts";
import { hashCredential } from "../identity/token.ts";
import {
  deleteOperatorCodes,
  insertOperatorCode,
  isActiveOwner,
  listOperators,
} from "./operator-queries.ts";

const CODE_PREFIX = "nd_code_";
/** 128 random bits: nothing to guess within a day. */
const CODE_BYTES = 16;
const CODE_LIFETIME_MS = 24 * 60 * 60_000;

/** Makes a code that sets the password of an operator; null: that makes the first owner. */
export async function createOperatorCode(
  db: Queryable,
  operatorId: string | null,
): Promise<string> {
  const code = CODE_PREFIX + randomBytes(CODE_BYTES).toString("base64url");
  await insertOperatorCode(db, {
    hash: hashCredential(code),
    operatorId,
    lifetimeMs: CODE_LIFETIME_MS,
  });
  return code;
}

/**
 * The code of the first owner, new with each start of a server; undefined once there is an active one. Codes of
 * starts before end, so that a log of last week opens nothing.
 */
export async function createFirstOwnerCode(db: Queryable): Promise<string | undefined> {
  if ((await listOperators(db)).some(isActiveOwner)) return undefined;
  await deleteOperatorCodes(db, null);
  return createOperatorCode(db, null);
}
