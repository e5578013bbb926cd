/**
 * The users who hold most of each currency. An index on balances would cost every posting, so a slow sweep reads
 * the accounts page by page; the buckets of balances tell which balance is worth keeping.
 */
import type { Database } from "../../db/database.ts";
import { listBuckets } from "./economy-queries.ts";
import { thresholdFor } from "./buckets.ts";

/** As many as a page of the API shows. */
export const TOP_HOLDERS = 100;
/** Balances move during a sweep: twice as many are candidates. */
const CANDIDATES = 200n;
const STATEMENT_TIMEOUT_MS = 5_000;

const PAGE = {
  name: "top_holders_page",
  text: `with page as materialized (
      select id, balance from newday.accounts where id > $1 order by id limit $2)
    select max(p.id) as last, coalesce(array_agg(p.id::text) filter (where p.balance >= t.threshold), '{}') as ids,
      coalesce(array_agg(p.balance::text) filter (where p.balance >= t.threshold), '{}') as balances
    from page p left join unnest($3::int[], $4::bigint[]) as t (currency, threshold)
      on t.currency = p.id & 65535`,
};

interface Page {
  readonly last: bigint | null;
  readonly ids: readonly string[];
  readonly balances: readonly string[];
}

export interface HolderSweep {
  /** Reads one page; true when the sweep is over and its result is stored. */
  step(rowsMax: number): Promise<boolean>;
}

export function createHolderSweep(db: Database): HolderSweep {
  let sweep: { after: bigint; ids: string[]; balances: string[]; values: unknown[] } | undefined;
  return {
    async step(rowsMax) {
      sweep ??= { after: 0n, ids: [], balances: [], values: await readThresholds(db) };
      const { after, ids, balances, values } = sweep;
      const [page] = await db.query<Page>(PAGE, [after, rowsMax, ...values]);
      if (page && page.last !== null) {
        ids.push(...page.ids);
        balances.push(...page.balances);
        sweep.after = page.last;
        return false;
      }
      sweep = undefined;
      await store(db, ids, balances);
      return true;
    },
  };
}

async function readThresholds(db: Database): Promise<unknown[]> {
  const buckets = await listBuckets(db);
  const currencies = [...new Set(buckets.map(({ currency }) => currency))];
  const thresholds = currencies.map((currency) =>
    thresholdFor(
      buckets.filter((row) => row.currency === currency),
      CANDIDATES,
    ),
  );
  return [currencies, thresholds];
}

/** The greatest of each currency; as of the end of the sweep. */
function store(
  db: Database,
  ids: readonly string[],
  balances: readonly string[],
): Promise<object[]> {
  return db.transaction(
    async (tx) => {
      await tx.query("select from newday.economy_progress for update");
      await tx.query("delete from newday.economy_top_holders");
      return tx.query(
        `insert into newday.economy_top_holders (currency, account, balance, as_of)
          select currency, account, balance, now() from (
            select (v.id & 65535)::smallint as currency, v.id as account, v.balance,
              row_number() over (partition by v.id & 65535 order by v.balance desc, v.id) as place
            from unnest($1::bigint[], $2::bigint[]) as v (id, balance)
            join newday.economy_wallets w on w.wallet = v.id >> 16 and w.role is null) ranked
          where place <= ${TOP_HOLDERS}`,
        [ids, balances],
      );
    },
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
}

/** A whole sweep at once, for commands and tests. */
export async function sweepHolders(db: Database, rowsMax = 20_000): Promise<void> {
  const sweep = createHolderSweep(db);
  while (!(await sweep.step(rowsMax))) continue;
}
