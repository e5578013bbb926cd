/** Statistics of the economy as a year of several platforms leaves them, beside those of the ledger's own rows. */
import type { Database } from "../../server/src/db/database.ts";
import { countRange } from "../../server/src/integrity/economy/count-economy.ts";

const ROWS = 5_000;
const PLATFORMS = 10;
const DAYS = 366;

/** Counts rows of the journal for some seconds: the figures are as many, however many rows are behind them. */
export async function seedEconomy(db: Database, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until && !(await countRange(db, ROWS)).caughtUp) continue;
  await db.query(
    `insert into newday.economy_days (day, currency, platform, issued, returned, held, fees, paid, payments)
      select current_date - d, c.number, 'bench-' || p, 1000 + d, 10, 500 - d, 5, 2000, 400
      from generate_series(0, $1::int - 1) d cross join newday.currencies c cross join generate_series(1, $2::int) p
      on conflict do nothing`,
    [DAYS, PLATFORMS],
  );
  await db.query(
    `insert into newday.economy_totals (currency, platform, issued, returned, held, fees, paid, payments)
      select currency, platform, sum(issued), sum(returned), sum(held), sum(fees), sum(paid), sum(payments)
      from newday.economy_days where platform like 'bench-%' group by currency, platform on conflict do nothing`,
  );
  await db.query(
    `insert into newday.economy_balances (currency, platform, bucket, holders, total)
      select c.number, 'bench-' || p, digits * 100 + b, 1000, 1000 * b * 10 ^ (digits - 2)
      from newday.currencies c cross join generate_series(1, $1::int) p cross join generate_series(3, 9) digits
        cross join generate_series(10, 99) b on conflict do nothing`,
    [PLATFORMS],
  );
  await db.query("analyze newday.economy_days, newday.economy_totals, newday.economy_balances");
}
