/**
 * A resource is a set of rows that operations decide about: accounts, holds, items, listings.
 *
 * The engine reads rows of a resource by id, decides in memory, and hands back the changed ones. A
 * resource consists of SQL only; decisions belong to operation types. Every row carries a revision,
 * and `write` must fail when a row has left the revision that was read.
 */
import type { BoundStatement, Queryable } from "../db/database.ts";

export type RowId = string | bigint;

export interface Change<Id extends RowId, Row> {
  readonly id: Id;
  /** The row as it was read; undefined for a row to insert. */
  readonly before: Row | undefined;
  readonly after: Row;
}

/** A change of a stored row. */
export interface RowUpdate<Row> {
  readonly before: Row;
  readonly after: Row;
}

/** The statements of `Resource.write`: updates first, then inserts, each in the order of the changes. */
export function writeChanges<Id extends RowId, Row>(
  changes: readonly Change<Id, Row>[],
  {
    update,
    insert,
  }: {
    readonly update: (updates: readonly RowUpdate<Row>[]) => BoundStatement;
    readonly insert: (rows: readonly Row[]) => BoundStatement;
  },
): BoundStatement[] {
  const inserted: Row[] = [];
  const updated: RowUpdate<Row>[] = [];
  for (const { before, after } of changes)
    if (before === undefined) inserted.push(after);
    else updated.push({ before, after });
  return [
    ...(updated.length > 0 ? [update(updated)] : []),
    ...(inserted.length > 0 ? [insert(inserted)] : []),
  ];
}

export interface Resource<Id extends RowId, Row extends object> {
  /** Unique; the order of resources in the registry is the order in which rows are locked. */
  readonly name: string;
  /**
   * The rows with these ids (sorted by the engine), absent ones left out. With `lock`, one
   * `select ... order by id for update`, so that every process locks in the same order.
   */
  read(db: Queryable, ids: readonly Id[], lock: boolean): Promise<ReadonlyMap<Id, Row>>;
  /**
   * Statements that store the changes (sorted by id), each raising `ND001` through
   * `newday.require_rows(actual, expected)` or a unique violation when a row has changed since it
   * was read. A read-only view of other rows returns an empty list.
   */
  write(changes: readonly Change<Id, Row>[]): readonly BoundStatement[];
  /** The row as `write` will have stored it. Absent: rows of this resource stay uncached. */
  rowToCache?(change: Change<Id, Row>): Row;
  /**
   * A statement that raises `ND001` unless these rows are as given. For rows of the read set, whose
   * revision `write` leaves unchecked (row-cache.ts). Without it, only rows that every decision
   * writes back may be cached.
   */
  requireAsRead?(rows: readonly ReadRow<Id, Row>[]): BoundStatement;
}

/**
 * A relation: beside each row of `of` a guard needs one of `resource`, such as the freeze of an account's owner.
 * Both are read at once, and nearly every row beside is missing. So an absence is neither cached nor looked up:
 * a row beside that is not at hand is missing, and the database checks that with the batch.
 */
export interface RowBeside<OfId extends RowId, Id extends RowId, Row extends object> {
  readonly of: AnyResource;
  readonly resource: Resource<Id, Row>;
  readonly idOf: (id: OfId) => Id;
}

/** A relation of any type of rows. */
export interface AnyRowBeside {
  readonly of: AnyResource;
  readonly resource: AnyResource;
  readonly idOf: (id: RowId) => RowId;
}

/** A row of the read set; undefined: it is missing. */
export interface ReadRow<Id extends RowId, Row> {
  readonly id: Id;
  readonly row: Row | undefined;
}

/** Resources of any row type, where only names and ids matter. */
// The row type is opaque here: the engine hands a row only to the resource that made it.
export type AnyResource = Resource<never, never> & { readonly name: string };

/** One row in an operation's read/write set. */
export interface RowKey {
  readonly resource: AnyResource;
  readonly id: RowId;
}

/** One row that a decision changes or inserts; made by `change`. */
export interface RowChange {
  readonly resource: AnyResource;
  readonly id: RowId;
  readonly after: object;
  /** The id is new everywhere, so the read is skipped. */
  readonly inserted?: true;
}

/** The row that this change leaves; undefined for a change of another resource. */
export function rowAfter<Id extends RowId, Row extends object>(
  of: Resource<Id, Row>,
  { resource, id, after }: RowChange,
): { readonly id: Id; readonly row: Row } | undefined {
  const same = resource === (of as unknown as AnyResource);
  return same ? { id: id as Id, row: after as Row } : undefined;
}

/** Names a row for `OperationType.readWriteSet`. */
export function rowKey<Id extends RowId, Row extends object>(
  resource: Resource<Id, Row>,
  id: Id,
): RowKey {
  return { resource: resource as unknown as AnyResource, id };
}

/** A row as it shall be after the operation. Passing it unchanged has its revision checked. */
export function change<Id extends RowId, Row extends object>(
  resource: Resource<Id, Row>,
  id: Id,
  after: Row,
): RowChange {
  return { resource: resource as unknown as AnyResource, id, after };
}

/**
 * A row under a new id, such as one derived from the operation's transfer id. Written out: a spread with
 * one more member costs thirty times as much, and a purchase makes two.
 */
export function insert<Id extends RowId, Row extends object>(
  resource: Resource<Id, Row>,
  id: Id,
  after: Row,
): RowChange {
  return { resource: resource as unknown as AnyResource, id, after, inserted: true };
}
