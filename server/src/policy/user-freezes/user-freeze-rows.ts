/**
 * Freezes of users as the posting engine sees them: one row per user, read by every decision about their money
 * and items. A user without a row is free.
 */
import type {
  BoundStatement,
  NamedStatement,
  Parameter,
  Queryable,
  Statement,
} from "../../db/database.ts";
import { bigintArray, textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import {
  writeChanges,
  type Change,
  type ReadRow,
  type Resource,
  type RowId,
  type RowUpdate,
} from "../../engine/resource.ts";
import {
  insertUserFreezes,
  readOwnerFreezes,
  readUserFreezes,
  requireOwnerFreezes,
  requireUserFreezes,
  updateUserFreezes,
  type StoredUserFreeze,
} from "./user-freeze-queries.ts";

/** The platform of the user, the operators of New Day, and its continuous audit. */
export type FreezeSide = "platform" | "operator" | "audit";

export interface UserFreeze {
  /** Whether money out of the user's accounts is refused; items are always kept where they are. */
  readonly debits: boolean;
  /** Whether money and items for the user are refused. */
  readonly credits: boolean;
  readonly reason: string;
  readonly since: Date;
  /** null: until it is lifted. */
  readonly until: Date | null;
}

/** Each side's own freeze; null: none. */
export type UserFreezes = Readonly<Record<FreezeSide, UserFreeze | null>>;

export interface UserFreezeRow extends UserFreezes {
  readonly wallet: bigint;
  readonly userId: string;
  /** The name that replaces an erased user, of whom nothing moves any more; null for every other. */
  readonly erasedAs: string | null;
  readonly revision: bigint;
}

/** By wallet number, for accounts. */
export const userFreezes: Resource<bigint, UserFreezeRow> = {
  name: "user_freezes",
  async read(db, ids, lock) {
    const rows = await readRows(db, readUserFreezes(lock), bigintArray(ids));
    return new Map(rows.map((row) => [row.wallet, row]));
  },
  write: (changes) =>
    writeChanges(changes, {
      update: (updates) => bindRows(updateUserFreezes, updates.map(toStoredUpdate)),
      insert: (rows) => bindRows(insertUserFreezes, rows.map(toStored)),
    }),
  rowToCache: revised,
  requireAsRead: (rows) => bindReadRows(requireUserFreezes, rows, bigintArray),
};

/** The same rows by user id, for items and listings; written through `userFreezes`. */
export const ownerFreezes: Resource<string, UserFreezeRow> = {
  name: "owner_freezes",
  async read(db, ids) {
    const rows = await readRows(db, readOwnerFreezes, textArray(ids));
    return new Map(rows.map((row) => [row.userId, row]));
  },
  write: () => [],
  rowToCache: revised,
  requireAsRead: (rows) => bindReadRows(requireOwnerFreezes, rows, textArray),
};

async function readRows(
  db: Queryable,
  statement: Statement,
  ids: Parameter,
): Promise<UserFreezeRow[]> {
  const stored = await db.query<StoredUserFreeze>(statement, [ids]);
  return stored.map(fromStored);
}

function revised({ before, after }: Change<RowId, UserFreezeRow>): UserFreezeRow {
  return { ...after, revision: (before?.revision ?? 0n) + 1n };
}

/** The ids without a row, then those with one and their revisions. */
function bindReadRows<Id extends RowId>(
  statement: NamedStatement,
  rows: readonly ReadRow<Id, UserFreezeRow>[],
  encode: (ids: readonly Id[]) => Parameter,
): BoundStatement {
  const missing: Id[] = [];
  const present: Id[] = [];
  const revisions: bigint[] = [];
  for (const { id, row } of rows)
    if (row) {
      present.push(id);
      revisions.push(row.revision);
    } else missing.push(id);
  return { statement, values: [encode(missing), encode(present), bigintArray(revisions)] };
}

const BLOCKS_DEBITS = 1;
const BLOCKS_CREDITS = 2;

function fromStored(stored: StoredUserFreeze): UserFreezeRow {
  const { wallet, userId, erasedAs, revision } = stored;
  return {
    wallet,
    userId,
    erasedAs,
    revision,
    platform: freezeOf(stored.platformBlocks, {
      reason: stored.platformReason,
      since: stored.platformSince,
      until: stored.platformUntil,
    }),
    operator: freezeOf(stored.operatorBlocks, {
      reason: stored.operatorReason,
      since: stored.operatorSince,
      until: stored.operatorUntil,
    }),
    audit: freezeOf(stored.auditBlocks, {
      reason: stored.auditReason,
      since: stored.auditSince,
      until: stored.auditUntil,
    }),
  };
}

function freezeOf(
  blocks: number | null,
  { reason, since, until }: { reason: string | null; since: Date | null; until: Date | null },
): UserFreeze | null {
  if (blocks === null || reason === null || since === null) return null;
  const [debits, credits] = [BLOCKS_DEBITS, BLOCKS_CREDITS].map((bit) => (blocks & bit) !== 0);
  return { debits: debits === true, credits: credits === true, reason, since, until };
}

function toStored({
  wallet,
  userId,
  erasedAs,
  revision,
  platform,
  operator,
  audit,
}: UserFreezeRow): StoredUserFreeze {
  return {
    wallet,
    userId,
    erasedAs,
    revision,
    platformBlocks: platform && blocksOf(platform),
    platformReason: platform?.reason ?? null,
    platformSince: platform?.since ?? null,
    platformUntil: platform?.until ?? null,
    operatorBlocks: operator && blocksOf(operator),
    operatorReason: operator?.reason ?? null,
    operatorSince: operator?.since ?? null,
    operatorUntil: operator?.until ?? null,
    auditBlocks: audit && blocksOf(audit),
    auditReason: audit?.reason ?? null,
    auditSince: audit?.since ?? null,
    auditUntil: audit?.until ?? null,
  };
}

function blocksOf({ debits, credits }: UserFreeze): number {
  return (debits ? BLOCKS_DEBITS : 0) | (credits ? BLOCKS_CREDITS : 0);
}

function toStoredUpdate({ before, after }: RowUpdate<UserFreezeRow>): RowUpdate<StoredUserFreeze> {
  return { before: toStored(before), after: toStored(after) };
}
