/** The timeline's money: the entries of every account of the user, by version. */
import type { Queryable } from "../../db/database.ts";
import { listEntries, type StatementEntry } from "../../ledger/statements/statement-queries.ts";
import type {
  TimelineEvent,
  TimelinePage,
  TimelineSource,
  TimelineUser,
} from "./timeline-event.ts";

/** The sources of money come behind all others of one time, each account by itself. */
const MONEY_RANK = 1_000;
/** The accounts that changed last: their places have to fit into a cursor. A platform's user has a few. */
const ACCOUNTS_MAX = 30;

interface AccountHead {
  readonly account: bigint;
  readonly number: number;
  readonly currency: string;
  readonly version: bigint;
}

export const MONEY_SOURCE: TimelineSource = {
  kind: "money",
  async read(db, user, page) {
    const events: TimelineEvent[] = [];
    const cutAt: TimelineEvent[] = [];
    for (const head of await listHeads(db, user)) {
      const last = nextVersion(head, page);
      if (last === undefined || last < 1n) continue;
      const first = last - BigInt(page.limit) + 1n;
      const range = { first: first < 1n ? 1n : first, last };
      const entries = await listEntries(db, head.account, range, "newest");
      const shown = await toEvents(db, head, entries);
      events.push(...shown);
      // A page of entries is bounded in bytes, too.
      const isCut = (entries.at(-1)?.version ?? range.first) > range.first;
      if (isCut) cutAt.push(...shown.slice(-1));
    }
    return { events, cutAt };
  },
};

/** The next entry of each account behind the events that are given. */
export async function nextMoney(
  db: Queryable,
  user: TimelineUser,
  { after }: Pick<TimelinePage, "after">,
  given: readonly TimelineEvent[],
): Promise<Map<number, bigint>> {
  const next = new Map(after?.money ?? (await listHeads(db, user)).map(toNext));
  for (const { rank, key } of given)
    if (rank >= MONEY_RANK) next.set(rank - MONEY_RANK, BigInt(key) - 1n);
  return next;
}

function toNext({ number, version }: AccountHead): [number, bigint] {
  return [number, version];
}

/** An account that the first page did not know has newer entries alone. */
function nextVersion({ number, version }: AccountHead, { after }: TimelinePage) {
  return after === undefined ? version : after.money.get(number);
}

async function listHeads(db: Queryable, { wallet }: TimelineUser): Promise<AccountHead[]> {
  if (wallet === null) return [];
  return db.query(
    {
      name: "timeline-accounts",
      text: `select a.id as account, (a.id & 65535)::int as number, c.code as currency, a.version
        from newday.accounts a join newday.currencies c on c.number = a.id & 65535
        where a.id >= $1::bigint << 16 and a.id < ($1::bigint + 1) << 16 and a.version > 0
        order by a.changed_at desc, a.id limit $2`,
    },
    [wallet, ACCOUNTS_MAX],
  );
}

async function toEvents(
  db: Queryable,
  { number, currency }: AccountHead,
  entries: readonly StatementEntry[],
): Promise<TimelineEvent[]> {
  const headers = await readHeaders(
    db,
    entries.map(({ transferId }) => transferId),
  );
  return entries.flatMap((entry) => {
    const header = headers.get(entry.transferId);
    if (!header) return [];
    const { transferId, amount, balance, counterpartyUserId, reason, reference, unverified } =
      entry;
    return [
      {
        kind: "money" as const,
        event: entry.kind,
        micros: header.micros,
        by: header.caller,
        rank: MONEY_RANK + number,
        key: `${entry.version}`,
        facts: {
          transferId,
          currency,
          amount: `${amount}`,
          balanceAfter: `${balance}`,
          counterparty: counterpartyUserId,
          reason,
          reference,
          unverified,
        },
      },
    ];
  });
}

interface Header {
  readonly id: string;
  readonly caller: string;
  readonly micros: bigint;
}

async function readHeaders(db: Queryable, ids: readonly string[]): Promise<Map<string, Header>> {
  const rows = await db.query<Header>(
    {
      name: "timeline-transfers",
      text: `select id, caller, (extract(epoch from recorded_at) * 1000000)::bigint as micros
        from newday.transfers where id = any($1::uuid[]) and line = 0`,
    },
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
