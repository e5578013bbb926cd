/**
 * Finds the rows of a table whose text has a part, in pages of an even order, with bounded work.
 *
 * A rare part is found by the index of pieces (migration 0093), a frequent one by reading on in the order: a sample
 * tells them apart. Where each costs the same, both read about the square root of `limit * rows`.
 */
import type { Queryable } from "../../db/database.ts";
import { namePattern } from "../../lib/name-pattern.ts";

/** Where in the order a page begins: behind this row. */
export interface SearchPosition {
  readonly place: bigint;
  readonly id: string;
}

/** A table as a search reads it. The texts are SQL of this program. */
export interface SearchSource {
  readonly name: string;
  readonly table: string;
  /** The rows that are in the indexes. */
  readonly scope: string;
  readonly id: string;
  /** The indexed order, by place and id. */
  readonly place: string;
  /** The searched text; of several columns with line feeds between. */
  readonly text: string;
  /** Which rows `c` are no matches, by their `columns`; `$1` is the searched part. */
  readonly excluded: string;
  readonly columns: string;
}

export interface SearchWanted {
  readonly part: string;
  readonly after: SearchPosition | undefined;
  readonly limit: number;
}

const BEFORE_ALL: SearchPosition = { place: -1n, id: "" };

/** Rows of a sample: as many as hold several matches of a part that is as well read in order. */
const SAMPLE_MIN = 500;
const SAMPLE_MAX = 4_000;
/** A sample with so many matches is read on; with fewer, the index has little to return. */
const FREQUENT_MATCHES = 8;
/** A part whose pieces are frequent and which is rare itself ends here, and is left to the index. */
const READ_ON_MAX = 20_000;

/** The next matches, `limit` at most. */
export async function findMatches(
  db: Queryable,
  source: SearchSource,
  wanted: SearchWanted,
): Promise<SearchPosition[]> {
  const sampled = await readInOrder(db, source, wanted, await sampleSize(db, source, wanted));
  if (sampled.isWhole) return sampled.matches;
  if (sampled.matches.length >= FREQUENT_MATCHES) {
    const read = await readOn(db, source, wanted);
    if (read.length === wanted.limit) return read;
  }
  return findByIndex(db, source, wanted);
}

async function sampleSize(
  db: Queryable,
  { table }: SearchSource,
  { limit }: SearchWanted,
): Promise<number> {
  const rows = await estimateRows(db, table);
  const size = Math.ceil(Math.sqrt(rows * Math.min(limit, 100)) / 8);
  return Math.min(Math.max(size, SAMPLE_MIN), SAMPLE_MAX);
}

interface RowEstimate {
  readonly rows: number;
  readonly readAt: number;
}

/** Cache: the planner's estimates by table, for a minute each; an old one costs a search some time. */
const estimates = new WeakMap<Queryable, Map<string, RowEstimate>>();
const ESTIMATE_MS = 60_000;

async function estimateRows(db: Queryable, table: string): Promise<number> {
  const known = estimates.get(db) ?? new Map<string, RowEstimate>();
  estimates.set(db, known);
  const cached = known.get(table);
  if (cached && performance.now() - cached.readAt < ESTIMATE_MS) return cached.rows;
  const [row] = await db.query<{ rows: number }>(
    {
      name: "search-rows",
      text: "select reltuples as rows from pg_class where oid = to_regclass($1)",
    },
    [table],
  );
  // -1: never counted.
  const rows = Math.max(row?.rows ?? 0, 0);
  known.set(table, { rows, readAt: performance.now() });
  return rows;
}

/** The matches among the next rows; whole when these fill the page or are the last ones. */
async function readInOrder(
  db: Queryable,
  source: SearchSource,
  { part, after = BEFORE_ALL, limit }: SearchWanted,
  rows: number,
): Promise<{ readonly matches: SearchPosition[]; readonly isWhole: boolean }> {
  const { name, table, scope, id, place, excluded } = source;
  const found = await db.query<{ read: bigint } & Found>(
    {
      name: `search-read-${name}`,
      text: `with c as materialized (
          select ${columnsOf(source)} from ${table}
          where ${scope} and (${place}, ${id} collate "C") > ($3::bigint, $4::text)
          order by ${place}, ${id} collate "C" limit $5)
        select (select count(*) from c) as read, m.place, m.key
        from (select 1) as one left join (
          select place, key from c where text collate "C" ~ $2 and not (${excluded})
          order by place, key limit $6) m on true
        order by m.place, m.key`,
    },
    [part, namePattern(part), after.place, after.id, rows, limit],
  );
  const matches = toPositions(found);
  const read = found[0]?.read ?? 0n;
  return { matches, isWhole: matches.length === limit || read < BigInt(rows) };
}

/** The matches among the next rows; stops at the last one of the page. */
async function readOn(
  db: Queryable,
  source: SearchSource,
  { part, after = BEFORE_ALL, limit }: SearchWanted,
): Promise<SearchPosition[]> {
  const { name, table, scope, id, place, excluded } = source;
  const found = await db.query<Found>(
    {
      name: `search-on-${name}`,
      text: `select c.place, c.key from (
          select ${columnsOf(source)} from ${table}
          where ${scope} and (${place}, ${id} collate "C") > ($3::bigint, $4::text)
          order by ${place}, ${id} collate "C" limit ${READ_ON_MAX}) c
        where c.text collate "C" ~ $2 and not (${excluded})
        order by c.place, c.key limit $5`,
    },
    [part, namePattern(part), after.place, after.id, limit],
  );
  return toPositions(found);
}

/** Sorts what the index returns, which is little where the sample had few matches. */
async function findByIndex(
  db: Queryable,
  source: SearchSource,
  { part, after = BEFORE_ALL, limit }: SearchWanted,
): Promise<SearchPosition[]> {
  const { name, table, scope, text, excluded } = source;
  const found = await db.query<Found>(
    {
      name: `search-index-${name}`,
      text: `with c as materialized (
          select ${columnsOf(source)} from ${table}
          where ${scope} and newday.search_vector(${text}) @@ newday.search_query($1))
        select place, key from c
        where text collate "C" ~ $2 and (place, key) > ($3::bigint, $4::text) and not (${excluded})
        order by place, key limit $5`,
    },
    [part, namePattern(part), after.place, after.id, limit],
  );
  return toPositions(found);
}

interface Found {
  readonly place: bigint | null;
  readonly key: string | null;
}

function columnsOf({ columns, place, id, text }: SearchSource): string {
  return `${columns}, ${place} as place, ${id} collate "C" as key, ${text} as text`;
}

function toPositions(found: readonly Found[]): SearchPosition[] {
  return found.flatMap(({ place, key }) =>
    place === null || key === null ? [] : [{ place, id: key }],
  );
}
