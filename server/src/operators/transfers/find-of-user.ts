/** Finds the transfers of one user, newest first: the merge of the entries of their accounts. */
import type { Queryable } from "../../db/database.ts";
import { versionBefore } from "../../ledger/statements/statement.ts";
import { listChangedAccounts, type ChangedAccount } from "./user-accounts.ts";

export interface TimeRange {
  /** Included. */
  readonly from?: Date | undefined;
  /** Excluded. */
  readonly until?: Date | undefined;
}

/** The next entry of each account, by currency number. */
export type MoneyPosition = ReadonlyMap<number, bigint>;

export interface FoundTransfers<Position> {
  readonly ids: readonly string[];
  /** undefined on the last page. */
  readonly next: Position | undefined;
}

interface EntryRow {
  readonly number: number;
  readonly version: bigint;
  readonly id: string;
}

/** Of all accounts, or of the one in a currency; a transfer between two of them is there once. */
export async function findTransfersOfUser(
  db: Queryable,
  wanted: TimeRange & {
    readonly wallet: bigint;
    readonly currency: string | undefined;
    readonly after: MoneyPosition | undefined;
    readonly limit: number;
  },
): Promise<FoundTransfers<MoneyPosition>> {
  const { wallet, currency, limit } = wanted;
  const accounts = (await listChangedAccounts(db, wallet)).filter(
    (account) => currency === undefined || account.currency === currency,
  );
  const ranges = await Promise.all(accounts.map((account) => rangeOf(db, account, wanted)));
  const rows = await db.query<EntryRow>(
    {
      name: "search-transfers-of-user",
      text: `with e as materialized (
          select (a.id & 65535)::int as number, e.version, e.transfer_id as id, e.recorded_at, e.line
          from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as a (id, first, last)
          cross join lateral newday.entries_of(a.id, greatest(a.first, a.last - $4), a.last) e)
        select number, version, id from e order by recorded_at desc, number, version desc limit $4 + 1`,
    },
    [
      ranges.map(({ account }) => account),
      ranges.map(({ first }) => first),
      ranges.map(({ last }) => last),
      limit,
    ],
  );
  const shown = rows.slice(0, limit);
  const next = new Map(ranges.map(({ number, last }) => [number, last]));
  for (const { number, version } of shown) next.set(number, version - 1n);
  const isLast = rows.length <= limit;
  return { ids: [...new Set(shown.map(({ id }) => id))], next: isLast ? undefined : next };
}

/** An account that the first page did not know has newer entries alone. */
async function rangeOf(
  db: Queryable,
  { account, number, version }: ChangedAccount,
  { from, until, after }: TimeRange & { readonly after: MoneyPosition | undefined },
) {
  const of = (time: Date) => versionBefore(db, account, { time, last: version });
  const last = after ? (after.get(number) ?? 0n) : until ? await of(until) : version;
  const first = from ? (await of(from)) + 1n : 1n;
  return { account, number, first, last };
}
