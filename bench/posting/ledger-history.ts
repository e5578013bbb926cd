/** Databases with money and a past, loaded by plain SQL: fast, and sound to the last entry. */
import type { BenchCluster } from "./bench-cluster.ts";
import type { Database } from "../../server/src/db/database.ts";
import { migrate } from "../../server/src/db/migrations.ts";
import { GAME_COINS } from "../../server/src/ledger/currencies/currencies.ts";

export const FIRST_WALLET = 1_000_000;
const OPENING_BALANCE = 1_000_000_000;

export interface HistorySize {
  readonly accounts: number;
  readonly rounds: number;
  /** Between two rounds, the last of which is now; without it all are of now. */
  readonly hoursApart?: number;
}

/**
 * A migrated database with this many funded accounts and `rounds` past transfers for each. In round
 * r every account pays one coin to the r-th account after it, so every account is paid once too.
 */
export async function createLedger(
  cluster: Pick<BenchCluster, "open">,
  name: string,
  size: HistorySize,
): Promise<Database> {
  const admin = cluster.open("postgres", 1);
  await admin.query(`create database ${name}`);
  await admin.close();
  const db = cluster.open(name, 40);
  await migrate(db);
  await fillLedger(db, size);
  return db;
}

/** The accounts and transfers of `createLedger`, in a database without any. */
export async function fillLedger(
  db: Database,
  { accounts, rounds, hoursApart = 0 }: HistorySize,
): Promise<void> {
  await openAccounts(db, accounts, rounds, rounds * hoursApart);
  for (let round = 1; round <= rounds; round += 1)
    await postRound(db, accounts, round, (rounds - round) * hoursApart);
  await db.query("vacuum analyze newday.accounts");
  await db.query("vacuum analyze newday.transfers");
}

/**
 * Id of the transfer by which account number `payer` paid in `round`; round 0 is the mint's, to that account.
 * Computed, so that each entry can name the one before it.
 */
function transferId(round: string, payer: string): string {
  return `md5(concat(${round}, ':', ${payer}))::uuid`;
}

/** Every account is funded by the mint: one wallet, one account, one opening transfer each. */
async function openAccounts(
  db: Database,
  accounts: number,
  rounds: number,
  hoursAgo: number,
): Promise<void> {
  const last = FIRST_WALLET + accounts - 1;
  await db.query(
    `insert into newday.ledger_wallets (number, id, user_id)
      select n, 'bench-' || n, 'bench-' || n from generate_series($1::bigint, $2::bigint) n`,
    [FIRST_WALLET, last],
  );
  await db.query(
    `insert into newday.accounts (id, balance, version, last_transfer)
      select ($1::bigint + i) * 65536 + ${GAME_COINS}, ${OPENING_BALANCE}, 1 + 2 * $3::bigint,
        ${transferId("$3::bigint", "(i - $3::bigint + $2::bigint) % $2::bigint")}
      from generate_series(0::bigint, $2::bigint - 1) i`,
    [FIRST_WALLET, accounts, rounds],
  );
  const mint = `(select number * 65536 + ${GAME_COINS} from newday.ledger_wallets
    where user_id = 'system:newday:mint')`;
  await db.query(
    `insert into newday.accounts (id, balance, version, minimum, last_transfer)
      select ${mint}, -${OPENING_BALANCE}::bigint * $1::bigint, $1::bigint, -(2::numeric ^ 62)::bigint,
        ${transferId("0", "$1::bigint - 1")}`,
    [accounts],
  );
  await db.query(
    `insert into newday.transfers (recorded_at, from_account, to_account, amount, from_balance,
        to_balance, from_version, to_version, from_previous, id, line, kind, caller)
      select statement_timestamp() - $3::float8 * interval '1 hour', ${mint}, ($1::bigint + i) * 65536 + ${GAME_COINS},
        ${OPENING_BALANCE}, -${OPENING_BALANCE} * (i + 1), ${OPENING_BALANCE}, i + 1, 1,
        case when i > 0 then ${transferId("0", "i - 1")} end,
        ${transferId("0", "i")}, 0, 'mint', 'bench'
      from generate_series(0::bigint, $2::bigint - 1) i`,
    [FIRST_WALLET, accounts, hoursAgo],
  );
}

/** Pays first (an odd version follows the opening), is paid second. */
async function postRound(
  db: Database,
  accounts: number,
  round: number,
  hoursAgo: number,
): Promise<void> {
  await db.query(
    `insert into newday.transfers (recorded_at, from_account, to_account, amount, from_balance,
        to_balance, from_version, to_version, from_previous, to_previous, id, fingerprint, line,
        kind, caller)
      select statement_timestamp() - $4::float8 * interval '1 hour', ($1::bigint + i) * 65536 + ${GAME_COINS},
        ($1::bigint + (i + $3::bigint) % $2::bigint) * 65536 + ${GAME_COINS},
        1, ${OPENING_BALANCE} - 1, ${OPENING_BALANCE}, 2 * $3::bigint, 2 * $3::bigint + 1,
        ${transferId("$3::bigint - 1", "(i - $3::bigint + 1 + $2::bigint) % $2::bigint")},
        ${transferId("$3::bigint", "(i + $3::bigint) % $2::bigint")},
        ${transferId("$3::bigint", "i")}, gen_random_uuid(), 0, 'transfer', 'allinone'
      from generate_series(0::bigint, $2::bigint - 1) i`,
    [FIRST_WALLET, accounts, round, hoursAgo],
  );
}
