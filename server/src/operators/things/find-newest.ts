/** Finds a user's items or listings, newest first, among a bounded number of rows a page. */
import type { Queryable } from "../../db/database.ts";
import type { FoundPage } from "./find-by-name.ts";

/** Behind which row a page begins; the time as PostgreSQL writes it. */
export interface TimedPosition {
  readonly at: string;
  readonly id: string;
}

/** Rows in the order of an index by time. The texts are SQL of this program. */
export interface TimedSource {
  readonly name: string;
  /** A query of `at`, `id` and what `matches` needs, with `$1`; `$2` and `$3` are the position, `$4` the rows. */
  readonly rows: string;
  /** Which rows `c` of these match, by the parameters from `$6`. */
  readonly matches: string;
}

/** The condition of `TimedSource.rows` for rows behind the position. */
export function behind(time: string): string {
  return `($2::timestamptz is null or (${time}, id) < ($2::timestamptz, $3::text))`;
}

interface Row {
  readonly read: bigint;
  readonly lastAt: string | null;
  readonly lastId: string | null;
  readonly at: string | null;
  readonly id: string | null;
}

/** The next rows, `limit` at most; the page ends early where `rows` were read without as many matches. */
export async function findNewest(
  db: Queryable,
  source: TimedSource,
  wanted: {
    readonly of: string | null;
    readonly after: TimedPosition | undefined;
    readonly limit: number;
    readonly rows: number;
    readonly values: readonly unknown[];
  },
): Promise<FoundPage<TimedPosition>> {
  const { of, after, limit, rows, values } = wanted;
  const found = await db.query<Row>(
    {
      name: `search-newest-${source.name}`,
      text: `with c as materialized (${source.rows})
        select (select count(*) from c) as read, z.at::text as "lastAt", z.id as "lastId", m.at::text as at, m.id
        from (select $1::text) as one
        left join (select at, id from c order by at, id limit 1) z on true
        left join (select at, id from c where ${source.matches} order by at desc, id desc limit $5) m on true
        order by m.at desc, m.id desc`,
    },
    [of, after?.at ?? null, after?.id ?? null, rows, limit + 1, ...values],
  );
  const matches = found.flatMap(({ at, id }) => (at === null || id === null ? [] : [{ at, id }]));
  const shown = matches.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  if (matches.length > limit) return { ids, next: shown.at(-1) };
  const [first] = found;
  const isLast = !first || first.read < BigInt(rows);
  if (isLast || first.lastAt === null || first.lastId === null) return { ids, next: undefined };
  return { ids, next: { at: first.lastAt, id: first.lastId } };
}
