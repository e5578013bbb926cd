/**
 * One timeline of a user, newest first: the merge of reads that each follow an index and are as long as a page. The
 * work is that of the page, whatever the length of the history.
 */
import type { Database } from "../../db/database.ts";
import { MONEY_SOURCE, nextMoney } from "./money-source.ts";
import { TABLE_SOURCES } from "./table-sources.ts";
import type {
  SourcePage,
  TimelineEvent,
  TimelineKind,
  TimelinePage,
  TimelinePosition,
  TimelineUser,
} from "./timeline-event.ts";

const SOURCES = [...TABLE_SOURCES, MONEY_SOURCE];

export interface Timeline {
  readonly events: readonly TimelineEvent[];
  /** undefined on the last page. */
  readonly next: TimelinePosition | undefined;
}

/** A page of every kind, or of one. The sources are read as of one moment. */
export function readTimeline(
  db: Database,
  user: TimelineUser,
  { kind, after, limit }: TimelinePage & { readonly kind: TimelineKind | undefined },
): Promise<Timeline> {
  const sources = SOURCES.filter((source) => kind === undefined || source.kind === kind);
  return db.transaction(
    async (tx) => {
      const pages: SourcePage[] = [];
      // One event more tells that there is another page.
      for (const source of sources)
        pages.push(await source.read(tx, user, { after, limit: limit + 1 }));
      const { events, isLast } = merge(pages, limit);
      const last = events.at(-1);
      if (isLast || !last) return { events, next: undefined };
      const { micros, rank, key } = last;
      const money = await nextMoney(tx, user, { after }, events);
      return { events, next: { micros, rank, key, money } };
    },
    { readOnly: true, isolation: "repeatable read" },
  );
}

function merge(pages: readonly SourcePage[], limit: number) {
  const all = pages.flatMap(({ events }) => events).toSorted(compareEvents);
  // Behind the last event of a source that was cut, older ones of it may be missing.
  const horizons = pages.flatMap(({ cutAt }) => cutAt);
  const isWhole = (event: TimelineEvent) =>
    horizons.every((horizon) => compareEvents(event, horizon) <= 0);
  const events = all.filter(isWhole).slice(0, limit);
  return { events, isLast: events.length === all.length && horizons.length === 0 };
}

function compareEvents(one: TimelineEvent, other: TimelineEvent): number {
  if (one.micros !== other.micros) return one.micros > other.micros ? -1 : 1;
  if (one.rank !== other.rank) return one.rank - other.rank;
  return 0; // A source gives its own in order.
}
