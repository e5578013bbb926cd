/**
 * Finds transfers by time, newest first, by an index of ranges: it costs postings next to nothing, and has no order.
 * So the search goes back window by window, each as long as holds a page or two, and reads each window whole.
 */
import type { Database, Queryable } from "../../db/database.ts";
import type { FoundTransfers, TimeRange } from "./find-of-user.ts";

/** Behind which transfer a page begins, in microseconds of the Unix epoch; `id` is empty before the first one of `micros`. */
export interface TimePosition {
  readonly micros: bigint;
  readonly id: string;
}

export interface ByTimeWanted extends TimeRange {
  /** Number of a currency that a movement has. */
  readonly currency: number | undefined;
  readonly after: TimePosition | undefined;
  readonly limit: number;
}

const WINDOW_FIRST = 1_000_000n;
const WIDTH_STEP = 8n;
/** A window with more rows is read again in a smaller one; a single microsecond is read whole. */
const WINDOW_ROWS_MAX = 4_000;
const MICROSECOND_ROWS_MAX = 1_000_000;
/** A window with fewer rows is followed by a longer one. */
const WINDOW_ROWS_FEW = 1_000;
/** Rows of a page that finds few matches: some hundred milliseconds, then the cursor goes on. */
const ROWS_MAX = 60_000;
/** The books have no transfer before it. */
const BEGINNING = 0n;

export const FIRST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

interface WindowRow {
  readonly read: bigint;
  readonly id: string | null;
  readonly micros: bigint | null;
}

interface Window {
  /** Included. */
  readonly low: bigint;
  readonly end: TimePosition;
  readonly width: bigint;
}

/** A page may be shorter than asked where matches are rare. */
export function findTransfersByTime(
  db: Database,
  wanted: ByTimeWanted,
): Promise<FoundTransfers<TimePosition>> {
  return db.transaction(
    async (tx) => {
      // The planner would read the table from its beginning, where it expects rows of every time.
      await tx.query("set local enable_seqscan = off");
      return readBack(tx, wanted);
    },
    { readOnly: true },
  );
}

async function readBack(
  db: Queryable,
  wanted: ByTimeWanted,
): Promise<FoundTransfers<TimePosition>> {
  const { limit } = wanted;
  const lowest = wanted.from ? microsOf(wanted.from) : BEGINNING;
  let end = wanted.after ?? { micros: await firstMicros(db, wanted), id: FIRST_ID };
  let width = WINDOW_FIRST;
  let growth = WIDTH_STEP;
  let read = 0;
  const found: TimePosition[] = [];
  while (end.micros >= lowest && found.length <= limit && read < ROWS_MAX) {
    const low = end.micros - width < lowest ? lowest : end.micros - width;
    const rows = await readWindow(db, wanted, { low, end, width });
    const count = Number(rows[0]?.read ?? 0n);
    if (count > WINDOW_ROWS_MAX && width > 1n) {
      width = width / WIDTH_STEP || 1n;
      growth = 1n; // Longer than the eighth part it is full again.
      continue;
    }
    read += count;
    found.push(...toPositions(rows));
    if (count > 0) growth = WIDTH_STEP;
    if (count < WINDOW_ROWS_FEW) width *= growth;
    end = { micros: low - 1n, id: FIRST_ID };
  }
  const shown = found.slice(0, limit);
  const isLast = found.length <= limit && end.micros < lowest;
  const next = found.length > limit ? shown.at(-1) : end;
  return { ids: shown.map(({ id }) => id), next: isLast ? undefined : next };
}

/** The moment before `until`, or the newest transfer's. */
async function firstMicros(db: Queryable, { until }: TimeRange): Promise<bigint> {
  if (until) return microsOf(until) - 1n;
  const [row] = await db.query<{ micros: bigint }>(
    "select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros",
  );
  if (!row) throw new Error("a select without a row");
  return row.micros;
}

/** Rows with the time of `end` itself follow its id. */
async function readWindow(
  db: Queryable,
  { currency, limit }: ByTimeWanted,
  { low, end, width }: Window,
): Promise<WindowRow[]> {
  const rowsMax = width > 1n ? WINDOW_ROWS_MAX : MICROSECOND_ROWS_MAX;
  return db.query(
    {
      name: "search-transfers-by-time",
      text: `with t as materialized (
          select id, recorded_at, from_account & 65535 as currency from newday.transfers
          where recorded_at >= ${timeOf("$1")} and recorded_at <= ${timeOf("$2")} limit $6 + 1)
        select (select count(*) from t) as read, m.id, (extract(epoch from m.recorded_at) * 1000000)::bigint as micros
        from (select 1) as one left join (
          select id, recorded_at from t
          where (recorded_at < ${timeOf("$2")} or id < $3::uuid) and ($4::int is null or currency = $4)
          group by id, recorded_at order by recorded_at desc, id desc limit $5 + 1) m on true
        order by m.recorded_at desc, m.id desc`,
    },
    [low, end.micros, end.id, currency ?? null, limit, rowsMax],
  );
}

/** Exact to the microsecond, as a double of seconds is not. */
function timeOf(micros: string): string {
  return `(timestamptz 'epoch' + ${micros}::bigint / 1000000 * interval '1 second'
    + ${micros}::bigint % 1000000 * interval '1 microsecond')`;
}

function microsOf(time: Date): bigint {
  return BigInt(time.getTime()) * 1_000n;
}

function toPositions(rows: readonly WindowRow[]): TimePosition[] {
  return rows.flatMap(({ id, micros }) => (id === null || micros === null ? [] : [{ id, micros }]));
}
