/**
 * Spending limits as rows of the posting engine. The limits of an account stand in one row, which decisions
 * read when the account's flags say so; those of platforms stand together in one row that every batch checks.
 */
import type { Queryable } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import { writeChanges, type Resource } from "../../engine/resource.ts";
import type { SpendingKind } from "../rules/spending-kinds.ts";
import type { Window } from "../rules/windows.ts";
import { readSpendingLimits, spendingLimitStatements, type StoredLimits } from "./limit-queries.ts";

/** `user`: of one user; `each`: of every user of a platform; `platform`: of all of them together. */
export const LIMIT_SCOPES = ["user", "each", "platform"] as const;

export type LimitScope = (typeof LIMIT_SCOPES)[number];

export interface SpendingLimit extends Window {
  readonly id: string;
  /** Counts the changes. */
  readonly version: bigint;
  readonly scope: LimitScope;
  /** `operator`, or the platform that set it; each changes its own limits only. */
  readonly owner: string;
  readonly platform: string;
  /** null for a limit of a platform's users. */
  readonly userId: string | null;
  readonly currency: string;
  readonly currencyNumber: number;
  /** null: every kind of payment. */
  readonly kind: SpendingKind | null;
  readonly maximum: bigint;
}

export interface SpendingLimitsRow {
  readonly subject: string;
  readonly limits: readonly SpendingLimit[];
  readonly revision: bigint;
}

/** The one row of all platforms' limits. */
export const PLATFORM_LIMITS = "platforms";

export function limitsOfAccount(account: bigint): string {
  return `account:${account}`;
}

/** By subject. */
export const spendingLimits: Resource<string, SpendingLimitsRow> = {
  name: "spending_limits",
  async read(db: Queryable, ids: readonly string[], lock: boolean) {
    const rows = await db.query<StoredLimits>(readSpendingLimits(lock), [textArray(ids)]);
    return new Map(rows.map((row) => [row.subject, fromStored(row)]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(spendingLimitStatements.update, updates),
      insert: (rows) => bindRows(spendingLimitStatements.insert, rows),
    }),
  rowToCache: ({ before, after }) => ({ ...after, revision: (before?.revision ?? 0n) + 1n }),
  requireAsRead: (rows) => bindRows(spendingLimitStatements.require, rows),
};

function fromStored({ subject, limits, revision }: StoredLimits): SpendingLimitsRow {
  return {
    subject,
    revision,
    limits: limits.map((limit) => ({
      ...limit,
      version: BigInt(limit.version),
      maximum: BigInt(limit.maximum),
    })),
  };
}
