/**
 * Consents as rows of the posting engine: what a user, or their own platform, permits another platform to pay
 * from one account, per UTC day. No row: nothing is permitted.
 */
import type { Queryable } from "../../db/database.ts";
import { bigintArray, textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource, type RowUpdate } from "../../engine/resource.ts";
import {
  consentKey,
  countPayments,
  listOfAccounts,
  listOfPlatform,
  partsOf,
  readConsents,
  consentStatements,
} from "./consent-queries.ts";

/** Verbs that a consent can permit. Items are never part of one. */
export const CONSENT_VERBS = ["transfer", "hold"] as const;

export type ConsentVerb = (typeof CONSENT_VERBS)[number];

export interface ConsentRow {
  readonly account: bigint;
  /** The platform that is permitted. */
  readonly platform: string;
  readonly userId: string;
  readonly currency: string;
  readonly perDay: bigint;
  readonly verbs: readonly ConsentVerb[];
  /** Caller of the last change. */
  readonly grantedBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** Counts the changes. */
  readonly version: bigint;
  /** Begin of the UTC day that `spentOnDay` counts. */
  readonly day: Date;
  readonly spentOnDay: bigint;
  readonly revision: bigint;
}

/** By `consentKey`. */
export const consents: Resource<string, ConsentRow> = {
  name: "consents",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const keys = ids.map(partsOf);
    const rows = await db.query<ConsentRow>(readConsents(lock), [
      bigintArray(keys.map(({ account }) => account)),
      textArray(keys.map(({ platform }) => platform)),
    ]);
    return new Map(rows.map((row) => [consentKey(row.account, row.platform), row]));
  },
  write(changes) {
    // Nearly every change is a payment, which changes two columns of eleven.
    const payments: RowUpdate<ConsentRow>[] = [];
    const others = changes.filter(({ before, after }) => {
      if (before?.version !== after.version) return true;
      payments.push({ before, after });
      return false;
    });
    return [
      ...(payments.length > 0 ? [bindRows(countPayments, payments)] : []),
      ...writeChanges(others, {
        update: (updates) => bindRows(consentStatements.update, updates),
        insert: (rows) => bindRows(consentStatements.insert, rows.map(inserted)),
      }),
    ];
  },
  rowToCache: ({ before, after }) =>
    before ? { ...after, revision: before.revision + 1n } : inserted(after),
  requireAsRead: (rows) => bindRows(consentStatements.require, rows),
};

function inserted(row: ConsentRow): ConsentRow {
  return { ...row, revision: 1n };
}

/** Of one user's accounts, revoked ones too. */
export function listConsentsOf(db: Queryable, accounts: readonly bigint[]): Promise<ConsentRow[]> {
  return db.query(listOfAccounts, [bigintArray(accounts)]);
}

/** Consents to a platform in the order of their accounts, after one of them. */
export function listConsentsFor(
  db: Queryable,
  { platform, after, limit }: { platform: string; after: bigint; limit: number },
): Promise<ConsentRow[]> {
  return db.query(listOfPlatform, [platform, after, limit]);
}
