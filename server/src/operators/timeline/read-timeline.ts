/**
 * One timeline of a user, newest first: one statement, which merges reads that each follow an index and are as long
 * as a page, as of one moment. The work is that of the page, whatever the length of the history.
 */
import type { Queryable, Statement } from "../../db/database.ts";
import { MONEY_SOURCE, nextMoney } from "./money-source.ts";
import { TABLE_SOURCES } from "./table-sources.ts";
import type {
  TimelineEvent,
  TimelineKind,
  TimelinePosition,
  TimelineUser,
} from "./timeline-event.ts";

const SOURCES = [...TABLE_SOURCES, MONEY_SOURCE];

export interface Timeline {
  readonly events: readonly TimelineEvent[];
  /** undefined on the last page. */
  readonly next: TimelinePosition | undefined;
}

export interface TimelinePage {
  readonly kind: TimelineKind | undefined;
  readonly after: TimelinePosition | undefined;
  readonly limit: number;
}

/** The statements are written for these page sizes: a plan for any size would read a long history whole. */
const SIZES = [50, 200] as const;

const KINDS = new Map(SOURCES.map(({ name, kind }) => [name, kind]));
/** Names the rows that say where each account of the first page begins. */
const HEADS = "heads";

interface EventRow extends Omit<TimelineEvent, "kind"> {
  readonly source: string;
}

/** A page of every kind, or of one. */
export async function readTimeline(
  db: Queryable,
  { userId, wallet }: TimelineUser,
  { kind, after, limit }: TimelinePage,
): Promise<Timeline> {
  // One event more tells that there is another page.
  const rows = await db.query<EventRow>(statementOf(kind, limit), [
    userId,
    wallet,
    limit + 1,
    after === undefined ? "infinity" : timeOf(after.micros),
    after?.rank ?? 0,
    after?.key ?? "",
    after === undefined ? null : [...after.money.keys()],
    after === undefined ? null : [...after.money.values()],
  ]);
  const heads = rows.filter(({ source }) => source === HEADS);
  const all = rows.flatMap(({ source, ...row }): TimelineEvent[] => {
    const of = KINDS.get(source);
    return of === undefined ? [] : [{ ...row, kind: of }];
  });
  const events = all.slice(0, limit);
  const last = events.at(-1);
  if (all.length <= limit || !last) return { events, next: undefined };
  const { micros, rank, key } = last;
  return { events, next: { micros, rank, key, money: nextMoney(after, heads, events) } };
}

const statements = new Map<string, Statement>();

function statementOf(kind: TimelineKind | undefined, limit: number): Statement {
  const size = SIZES.find((one) => limit <= one) ?? SIZES[1];
  const name = `timeline-${kind ?? "all"}-${size}`;
  const known = statements.get(name) ?? { name, text: textOf(kind, size + 1) };
  statements.set(name, known);
  return known;
}

/**
 * `$1` the user, `$2` the wallet, `$3` the events, `$4` to `$6` the last event that was given, `$7` and `$8` the next
 * entry of each account. Only rows that can be on the page are joined with what their facts need.
 */
function textOf(kind: TimelineKind | undefined, rows: number): string {
  const sources = SOURCES.filter((source) => kind === undefined || source.kind === kind);
  const since = "(select time from since)";
  const parts = [
    ...sources.map((source) => `${source.name} as materialized (${source.rows(rows)})`),
    `since as materialized (select coalesce((select time from (
        ${sources.map(({ name }) => `select time from ${name}`).join(" union all ")}) t
      order by time desc offset $3::int - 1 limit 1), '-infinity') as time)`,
    `e as (${sources
      .map((source) => `select '${source.name}' as source, x.* from (${source.events(since)}) x`)
      .join(" union all ")})`,
    // Each parameter has its type, also where no source of the kind has it.
    `given as (select $1::text, $2::bigint, $4::timestamptz, $5::int, $6::text, $7::int[], $8::bigint[])`,
  ];
  const heads = sources.includes(MONEY_SOURCE)
    ? `union all select '${HEADS}', null, m.rank, max(m.place)::text, null, null, null from money m group by m.rank`
    : "";
  return `with ${parts.join(",\n")}
    (select source, (extract(epoch from time) * 1000000)::bigint as micros, rank, key, event, by, facts
      from e order by time desc, rank, place desc, key collate "C" desc limit $3) ${heads}`;
}

/** A literal of PostgreSQL, to the microsecond. */
function timeOf(micros: bigint): string {
  const million = 1_000_000n;
  const seconds = new Date(Number((micros / million) * 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${`${micros % million}`.padStart(6, "0")}Z`;
}
