/** Keys with which a machine acts as an operator; shown once, stored as a hash. */
import { randomBytes } from "node:crypto";
import { uuidv7 } from "uuidv7";
import type { Database, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "../identity/operator-changes/operator-changes.ts";
import { hashCredential } from "../identity/token.ts";
import { isVisible } from "../lib/visible-text.ts";
import { insertOperatorKey, listOperatorKeys, revokeOperatorKey } from "./operator-key-queries.ts";
import type { OperatorRole } from "./roles.ts";

const KEY_BYTES = 32;
const LABEL_LENGTH_MAX = 64;

export interface OperatorKeyWanted {
  readonly label: string;
  readonly role: OperatorRole;
  /** null: until it is revoked. */
  readonly expiresAt: Date | null;
}

/** Errors: `invalid_field` for a label that cannot be seen or an end that has passed. */
export function createOperatorKey(
  db: Database,
  context: OperatorContext,
  { label, role, expiresAt }: OperatorKeyWanted,
): Promise<ModelChange> {
  const isShown = isVisible(label) && label.length <= LABEL_LENGTH_MAX;
  if (!isShown || (expiresAt && expiresAt.getTime() <= Date.now()))
    throw new NewDayError("invalid_field", {
      field: isShown ? "expiresAt" : "label",
      rule: isShown
        ? { en: "must lie ahead", zh: "必须晚于当前时间" }
        : {
            en: `has 1 to ${LABEL_LENGTH_MAX} characters that can be seen`,
            zh: `应为 1 到 ${LABEL_LENGTH_MAX} 个可见字符`,
          },
    });
  const id = `opk_${uuidv7()}`;
  const secret = `nd_admin_${randomBytes(KEY_BYTES).toString("base64url")}`;
  return makeOperatorChange(db, context, lockKeys, async (tx) => ({
    planned: {
      what: "operator-key create",
      subject: id,
      before: null,
      after: { label, role, expiresAt: expiresAt?.toISOString() ?? null },
      accounts: 0n,
      ...(context.dryRun ? {} : { secret }),
    },
    apply: () =>
      insertOperatorKey(tx, {
        id,
        hash: hashCredential(secret),
        label,
        role,
        expiresAt,
        madeBy: context.operator,
      }),
  }));
}

/** Ends a key for good. Errors: `key_not_found`; `invalid_field` when it has ended before. */
export function endOperatorKey(
  db: Database,
  context: OperatorContext,
  id: string,
): Promise<ModelChange> {
  return makeOperatorChange(db, context, lockKeys, async (tx) => {
    const key = (await listOperatorKeys(tx)).find((row) => row.id === id);
    if (!key) throw new NewDayError("key_not_found", { field: "id" });
    return {
      planned: {
        what: "operator-key revoke",
        subject: id,
        before: { live: key.revokedAt === null },
        after: { live: false },
        accounts: 0n,
      },
      apply: () => revokeOperatorKey(tx, id),
    };
  });
}

async function lockKeys(tx: Transaction): Promise<void> {
  await tx.query("lock table newday.operator_keys in share row exclusive mode");
}
