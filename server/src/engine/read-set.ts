/**
 * The read set: rows that a batch's decision read and left unchanged. A cached one gets a version
 * check together with the write, so that each decision rests on checked rows; one that was read is
 * cached for the next batch.
 */
import type { BoundStatement, NamedStatement } from "../db/database.ts";
import type { Registry } from "./registry.ts";
import type { AnyResource, Resource, RowId } from "./resource.ts";
import type { RowCache } from "./row-cache.ts";
import type { UnchangedRow, WorkingSet } from "./working-set.ts";

/** By resource, of those that support version checks. */
type ReadSet = ReadonlyMap<AnyResource, readonly UnchangedRow[]>;

export function readSetOf(
  rows: WorkingSet,
  { resources, besides }: Pick<Registry, "resources" | "besides">,
): ReadSet {
  const readSet = new Map<AnyResource, readonly UnchangedRow[]>();
  for (const resource of resources)
    if (readable(resource).requireAsRead) {
      const beside = besides.find((one) => one.resource === resource);
      const unchanged = beside ? rows.unchangedBeside(beside) : rows.unchanged(resource);
      if (unchanged.length > 0) readSet.set(resource, unchanged);
    }
  return readSet;
}

/** The version checks of all cached rows in the read set, as one statement or none. */
export function requireAsRead(readSet: ReadSet): BoundStatement[] {
  const checks = [...readSet].flatMap(([resource, rows]) => {
    const cached = rows.filter(({ fromCache }) => fromCache);
    const statement = cached.length > 0 ? readable(resource).requireAsRead?.(cached) : undefined;
    return statement ? [statement] : [];
  });
  const [only] = checks;
  return checks.length > 1 ? [joinChecks(checks)] : only ? [only] : [];
}

/** Joined checks by the names of their parts: a few combinations of resources. */
const joined = new Map<string, NamedStatement>();

/** One statement in place of several: each costs a round through the executor, whatever it checks. */
function joinChecks(checks: readonly BoundStatement[]): BoundStatement {
  const parts = checks.map(({ statement }) => statement.name).join(" ");
  let statement = joined.get(parts);
  if (!statement) {
    statement = { name: `read_set_require_${joined.size}`, text: `select ${joinedText(checks)}` };
    joined.set(parts, statement);
  }
  return { statement, values: checks.flatMap(({ values }) => values) };
}

/** Each check as a scalar subquery, its parameters renumbered. */
function joinedText(checks: readonly BoundStatement[]): string {
  let before = 0;
  return checks
    .map(({ statement: { text }, values }) => {
      const offset = before;
      before += values.length;
      return `(${text.replaceAll(/\$(\d+)/g, (_, place) => `$${Number(place) + offset}`)})`;
    })
    .join(", ");
}

/** A row that another batch has cached meanwhile is newer than the one that was read. */
export function cacheReadSet(cache: RowCache, readSet: ReadSet): void {
  for (const [resource, rows] of readSet)
    for (const { id, row, fromCache } of rows)
      if (!fromCache && !cache.get({ resource, id })) cache.keep(resource, id, row);
}

function readable(resource: AnyResource): Resource<RowId, object> {
  return resource as unknown as Resource<RowId, object>;
}
