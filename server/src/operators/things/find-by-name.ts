/**
 * Finds items or listings by a part of their name: the definitions with such a name, in the order of the search, and
 * the rows of each by id. A page reads a bounded number of rows, so one of a rare state may be shorter than asked.
 */
import type { Queryable } from "../../db/database.ts";
import { findMatches, type SearchSource } from "../search/find-matches.ts";

/** Behind which row a page begins; `definition` is its definition. */
export interface NamedPosition {
  readonly place: bigint;
  readonly definition: string;
  readonly id: string;
}

/** A table whose rows have a definition. The texts are SQL of this program. */
export interface NamedSource {
  readonly name: string;
  readonly table: string;
  /** The column that a search filters by. */
  readonly state: string;
  /** Ids of the rows that the text `$1` names as a whole. */
  readonly exact: string;
}

export interface NamedWanted {
  readonly part: string;
  /** undefined: any state. */
  readonly state: string | undefined;
  readonly after: NamedPosition | undefined;
  readonly limit: number;
}

/** A page of a search by whatever order; `next` is undefined on the last page. */
export interface FoundPage<Position> {
  readonly ids: readonly string[];
  readonly next: Position | undefined;
}

const DEFINITIONS: SearchSource = {
  name: "definitions",
  table: "newday.item_definitions",
  scope: "true",
  id: "id::text",
  place: "newday.search_place(id::text)",
  text: "name",
  columns: "id",
  excluded: "$1::text is null",
};

/** Rows that the text names as a whole come first, without a definition of their own. */
const EXACT: Omit<NamedPosition, "id"> = {
  place: -1n,
  definition: "00000000-0000-0000-0000-000000000000",
};
/** Before the first id of a definition. */
const FIRST_ID = " ";

const DEFINITIONS_READ = 200;
/** Rows that a round reads: a few milliseconds. */
const ROWS_READ = 5_000;
/** Definitions without rows, and rows of other states, may fill several rounds. */
const ROUNDS_MAX = 5;

/** The next rows, `limit` at most. `rows`: as many are read in a round. */
export async function findByName(
  db: Queryable,
  source: NamedSource,
  wanted: NamedWanted,
  rows = ROWS_READ,
): Promise<FoundPage<NamedPosition>> {
  const { limit } = wanted;
  const found = await findExact(db, source, wanted);
  let after = wanted.after?.place === EXACT.place ? undefined : wanted.after;
  for (let round = 0; round < ROUNDS_MAX && found.length <= limit; round += 1) {
    const definitions = await nextDefinitions(db, wanted.part, after);
    const read = await readRows(db, source, { ...wanted, definitions, rows });
    found.push(...read.found);
    if (read.cutAt === undefined && definitions.length < DEFINITIONS_READ)
      return toFoundPage(found, limit, undefined);
    after = read.cutAt ?? definitions.at(-1);
  }
  return toFoundPage(found, limit, after);
}

/** `rest`: where to read on when all of `found` fits into the page. */
function toFoundPage(
  found: readonly NamedPosition[],
  limit: number,
  rest: NamedPosition | undefined,
): FoundPage<NamedPosition> {
  const shown = found.slice(0, limit);
  const next = found.length > limit ? shown.at(-1) : rest;
  return { ids: shown.map(({ id }) => id), next };
}

async function findExact(
  db: Queryable,
  { name, table, state: column, exact }: NamedSource,
  { part, state, after, limit }: NamedWanted,
): Promise<NamedPosition[]> {
  if (after && after.place !== EXACT.place) return [];
  const rows = await db.query<{ id: string }>(
    {
      name: `search-exact-${name}`,
      text: `select r.id from ${table} r where r.id in (${exact}) and r.id > $2
        and ($3::text is null or r.${column} = $3) order by r.id limit $4`,
    },
    [part, after?.id ?? "", state ?? null, limit + 1],
  );
  return rows.map(({ id }) => ({ ...EXACT, id }));
}

/** The definition in which the page before ended, and those behind it. */
async function nextDefinitions(
  db: Queryable,
  part: string,
  after: NamedPosition | undefined,
): Promise<NamedPosition[]> {
  const behind = after && { place: after.place, id: after.definition };
  const limit = DEFINITIONS_READ - (after ? 1 : 0);
  const next = await findMatches(db, DEFINITIONS, { part, after: behind, limit });
  const unread = next.map(({ place, id }) => ({ place, definition: id, id: FIRST_ID }));
  return after ? [after, ...unread] : unread;
}

interface ReadRow {
  readonly read: bigint;
  readonly lastAt: bigint | null;
  readonly lastId: string | null;
  readonly at: bigint | null;
  readonly id: string | null;
}

/** `cutAt`: the last row that was read, where more may follow in these definitions. */
async function readRows(
  db: Queryable,
  { name, table, state: column, exact }: NamedSource,
  wanted: NamedWanted & { readonly definitions: readonly NamedPosition[]; readonly rows: number },
): Promise<{ readonly found: NamedPosition[]; readonly cutAt: NamedPosition | undefined }> {
  const { part, state, definitions, rows, limit } = wanted;
  const found = await db.query<ReadRow>(
    {
      name: `search-named-${name}`,
      text: `with c as materialized (
          select d.at, r.id, r.state
          from unnest($2::uuid[], $3::text[]) with ordinality as d (definition, after, at)
          cross join lateral (select id, ${column} as state from ${table}
            where definition_id = d.definition and id > d.after order by id limit $4) r
          order by d.at, r.id limit $4)
        select (select count(*) from c) as read, z.at as "lastAt", z.id as "lastId", m.at, m.id
        from (select 1) as one
        left join (select at, id from c order by at desc, id desc limit 1) z on true
        left join (select at, id from c
          where ($5::text is null or c.state = $5) and c.id not in (${exact})
          order by at, id limit $6) m on true
        order by m.at, m.id`,
    },
    [
      part,
      definitions.map(({ definition }) => definition),
      definitions.map(({ id }) => id),
      rows,
      state ?? null,
      limit + 1,
    ],
  );
  const positionOf = (at: bigint | null, id: string | null): NamedPosition[] => {
    const of = at === null || id === null ? undefined : definitions[Number(at) - 1];
    return of && id !== null ? [{ ...of, id }] : [];
  };
  const [first] = found;
  const isCut = first !== undefined && first.read === BigInt(rows);
  const [cutAt] = isCut ? positionOf(first.lastAt, first.lastId) : [];
  return { found: found.flatMap(({ at, id }) => positionOf(at, id)), cutAt };
}
