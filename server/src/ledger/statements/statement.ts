/**
 * Statements of an account: its entries, newest or oldest first, with the balance after each.
 *
 * Entries are numbered 1, 2, 3, ... per account and immutable, so a page is a range of numbers: a
 * cursor stays valid for ever, and new entries leave pages in place. Bisection over the numbers
 * finds the balance at any time.
 */
import type { Queryable } from "../../db/database.ts";
import {
  findAccount,
  listEntries,
  listEntryPoints,
  type EntryPoint,
  type StatementEntry,
  type StatementOrder,
  type VersionRange,
} from "./statement-queries.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface StatementRange {
  readonly order: StatementOrder;
  /** Only entries recorded at or after this time. */
  readonly from?: Date;
  /** Only entries recorded before this time. */
  readonly until?: Date;
  /** Only entries up to this number: those that a reader of many pages found at first. */
  readonly upTo?: bigint;
  /** The `nextCursor` of the page before. */
  readonly cursor?: bigint;
  readonly limit: number;
}

export interface AccountStatement {
  readonly entries: readonly StatementEntry[];
  /** Balance before the first and after the last entry of the whole range, in minor units. */
  readonly openingBalance: bigint;
  readonly closingBalance: bigint;
  /** Number of the last entry of the whole range; 0 without entries. */
  readonly closingVersion: bigint;
  /** undefined on the last page. */
  readonly nextCursor: bigint | undefined;
}

/** One page of the range. An account without entries has an empty statement with zeros. */
export async function readStatement(
  db: Queryable,
  account: bigint,
  { order, from, until, upTo, cursor, limit, ...unread }: StatementRange,
): Promise<AccountStatement> {
  unread satisfies NothingElse;
  const last = (await findAccount(db, account))?.version ?? 0n;
  const before = until ? await versionBefore(db, account, { time: until, last }) : last;
  const after = from ? await versionBefore(db, account, { time: from, last }) : 0n;
  const whole = { first: after + 1n, last: upTo !== undefined && upTo < before ? upTo : before };
  const page = pageOf(whole, { order, cursor, limit: BigInt(limit) });
  const entries = page.last < page.first ? [] : await listEntries(db, account, page, order);
  const reached = entries.at(-1)?.version;
  const isLast =
    reached === undefined || reached === (order === "newest" ? whole.first : whole.last);
  return {
    entries,
    openingBalance: await balanceAfter(db, account, after),
    closingBalance: await balanceAfter(db, account, whole.last),
    closingVersion: whole.last,
    nextCursor: isLast ? undefined : reached,
  };
}

/** The numbers of a page behind the cursor; `last` below `first` for an empty one. */
function pageOf(
  { first, last }: VersionRange,
  {
    order,
    cursor,
    limit,
  }: Pick<StatementRange, "order"> & { cursor: bigint | undefined; limit: bigint },
): VersionRange {
  if (order === "newest") {
    const newest = cursor === undefined || cursor > last ? last : cursor - 1n;
    const oldest = newest - limit + 1n;
    return { first: oldest > first ? oldest : first, last: newest };
  }
  const oldest = cursor === undefined || cursor < first ? first : cursor + 1n;
  const newest = oldest + limit - 1n;
  return { first: oldest, last: newest < last ? newest : last };
}

/** The balance as recorded at `time`; O(log n) in the number of the account's entries. */
export async function balanceAt(db: Queryable, account: bigint, time: Date): Promise<bigint> {
  const last = (await findAccount(db, account))?.version ?? 0n;
  // Entries recorded at `time` itself count, so the search ends before the next instant.
  const next = new Date(time.getTime() + 1);
  return balanceAfter(db, account, await versionBefore(db, account, { time: next, last }));
}

/**
 * Every so many versions an entry is indexed (migration 0062); the others are reached by walking.
 */
const INDEXED_EVERY = 32n;

/** Returns the number of the last entry recorded before `time`, 0 if there is none. */
export async function versionBefore(
  db: Queryable,
  account: bigint,
  { time, last }: { time: Date; last: bigint },
): Promise<bigint> {
  let low = 0n;
  let high = last;
  while (high - low > INDEXED_EVERY) {
    const below = ((low + high) / 2n / INDEXED_EVERY) * INDEXED_EVERY;
    const middle = below > low ? below : below + INDEXED_EVERY;
    const entry = await findEntry(db, account, middle);
    if (entry && entry.recordedAt < time) low = middle;
    else high = middle - 1n;
  }
  const rest = await listEntryPoints(db, account, { first: low + 1n, last: high });
  return rest.find(({ recordedAt }) => recordedAt < time)?.version ?? low;
}

async function balanceAfter(db: Queryable, account: bigint, version: bigint): Promise<bigint> {
  return (await findEntry(db, account, version))?.balance ?? 0n;
}

async function findEntry(
  db: Queryable,
  account: bigint,
  version: bigint,
): Promise<EntryPoint | undefined> {
  if (version === 0n) return undefined;
  const [entry] = await listEntryPoints(db, account, { first: version, last: version });
  return entry;
}
