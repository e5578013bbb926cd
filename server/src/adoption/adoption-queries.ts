/** SQL of the adoption of wallets. */
import type { Queryable, Transaction } from "../db/database.ts";
import type { JsonObject } from "../engine/operation.ts";

export interface AdoptedPartRow {
  readonly part: string;
  readonly report: JsonObject;
}

export function listAdoptedParts(db: Queryable): Promise<AdoptedPartRow[]> {
  return db.query({
    name: "adoptions_list",
    text: "select part, report from newday.adoptions",
  });
}

export async function insertAdoptedPart(
  tx: Transaction,
  part: string,
  report: JsonObject,
): Promise<void> {
  await tx.query("insert into newday.adoptions (part, report) values ($1, $2)", [
    part,
    JSON.stringify(report),
  ]);
}

export async function currentDatabase(db: Queryable): Promise<string> {
  const [row] = await db.query<{ name: string }>("select current_database()::text as name");
  return row?.name ?? "";
}

/** Balances of one legacy wallet; whatever integer type the column has. */
export interface LegacyWallet {
  readonly id: string;
  readonly userId: string;
  readonly gameCoins: bigint;
  readonly cashBalance: bigint;
  readonly computingPower: bigint;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

const LEGACY_COLUMNS = `l.id::text as id, l.user_id::text as "userId",
  l.game_coins::bigint as "gameCoins", l.cash_balance::bigint as "cashBalance",
  l.computing_power::bigint as "computingPower", l.created_at as "createdAt",
  l.updated_at as "updatedAt"`;

/** The next legacy wallets after this id, in the order of the primary key. */
export function listLegacyWallets(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<LegacyWallet[]> {
  return after === null
    ? db.query(`select ${LEGACY_COLUMNS} from public.wallets l order by l.id limit $1`, [limit])
    : db.query(
        `select ${LEGACY_COLUMNS} from public.wallets l where l.id > $2 order by l.id limit $1`,
        [limit, after],
      );
}

export interface LegacyDifference extends LegacyWallet {
  /** Undefined for a wallet that the ledger lacks. */
  readonly number: bigint | null;
  readonly adoptedCoins: bigint;
  readonly adoptedCash: bigint;
  readonly adoptedPower: bigint;
}

/** Legacy wallets, all or those of these users, that the ledger lacks or shows with other balances. */
export function listDifferences(
  db: Queryable,
  userIds?: readonly string[],
): Promise<LegacyDifference[]> {
  const where = userIds === undefined ? "" : "where l.user_id::text = any($1::text[])";
  return db.query(
    `select * from (
    select ${LEGACY_COLUMNS}, w.number, coalesce(c1.balance, 0) as "adoptedCoins",
      coalesce(c2.balance, 0) as "adoptedCash", coalesce(c3.balance, 0) as "adoptedPower"
    from public.wallets l
    left join newday.ledger_wallets w on w.user_id = l.user_id::text
    left join newday.accounts c1 on c1.id = w.number * 65536 + 1
    left join newday.accounts c2 on c2.id = w.number * 65536 + 2
    left join newday.accounts c3 on c3.id = w.number * 65536 + 3
    ${where}
  ) d where number is null or "gameCoins" <> "adoptedCoins" or "cashBalance" <> "adoptedCash"
    or "computingPower" <> "adoptedPower"
  order by "userId"`,
    userIds === undefined ? [] : [userIds],
  );
}

/** The oldest transaction that this snapshot may miss. */
export async function snapshotStart(tx: Transaction): Promise<string> {
  const [row] = await tx.query<{ since: string }>(
    "select pg_snapshot_xmin(pg_current_snapshot())::xid::text as since",
  );
  if (!row) throw new Error("a snapshot without a start");
  return row.since;
}

/**
 * Owners of legacy wallets that a transaction from `since` on wrote. Ages of frozen rows wrap around:
 * a row too many is compared, never one too few.
 */
export async function listOwnersWrittenSince(tx: Transaction, since: string): Promise<string[]> {
  const rows = await tx.query<{ userId: string }>(
    `select user_id::text as "userId" from public.wallets where age(xmin) <= age($1::text::xid)`,
    [since],
  );
  return rows.map(({ userId }) => userId);
}

/** Wallets in the ledger whose legacy row is gone. */
export async function listVanishedOwners(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ userId: string }>(
    `select user_id as "userId" from newday.ledger_wallets w where role is null and not exists (
      select from public.wallets l where l.user_id::text = w.user_id) order by 1 limit 10`,
  );
  return rows.map(({ userId }) => userId);
}

/** Counts and sums as text, because a sum of bigint is a numeric. */
export interface WalletTotals {
  readonly wallets: string;
  readonly gameCoins: string;
  readonly cashBalance: string;
  readonly computingPower: string;
}

export async function sumLegacyWallets(db: Queryable): Promise<WalletTotals> {
  const [row] = await db.query<WalletTotals>(`select count(*)::text as wallets,
    coalesce(sum(game_coins), 0)::text as "gameCoins",
    coalesce(sum(cash_balance), 0)::text as "cashBalance",
    coalesce(sum(computing_power), 0)::text as "computingPower" from public.wallets`);
  if (!row) throw new Error("an aggregate without a row");
  return row;
}

/** Of users' wallets: all accounts of a currency but those of the few system wallets. No join. */
export async function sumLedgerWallets(db: Queryable): Promise<WalletTotals> {
  const [row] = await db.query<WalletTotals>(`with own as (
      select balance, (id & 65535)::int as currency from newday.accounts
      union all
      select -a.balance, (a.id & 65535)::int
        from newday.ledger_wallets w
        join newday.accounts a
          on a.id in (w.number * 65536 + 1, w.number * 65536 + 2, w.number * 65536 + 3)
       where w.role is not null
    )
    select (select count(*) from newday.ledger_wallets where role is null)::text as wallets,
      coalesce(sum(balance) filter (where currency = 1), 0)::text as "gameCoins",
      coalesce(sum(balance) filter (where currency = 2), 0)::text as "cashBalance",
      coalesce(sum(balance) filter (where currency = 3), 0)::text as "computingPower"
    from own`);
  if (!row) throw new Error("an aggregate without a row");
  return row;
}

/** Users whose legacy balance is below zero. */
export async function listOverdrawnOwners(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ userId: string }>(`select user_id::text as "userId"
    from public.wallets where least(game_coins, cash_balance, computing_power) < 0 order by 1`);
  return rows.map(({ userId }) => userId);
}

/**
 * Moves the legacy table away and puts a view with its columns in its place: readers see true
 * balances, writers are refused with a hint. Readers keep their right to read.
 */
export async function replaceLegacyTable(tx: Transaction): Promise<void> {
  const readers = await tx.query<{ grantee: string }>(
    `select distinct case when a.grantee = 0 then 'public' else quote_ident(r.rolname) end as grantee
      from pg_class c cross join lateral aclexplode(c.relacl) a
      left join pg_roles r on r.oid = a.grantee
      where c.oid = 'public.wallets'::regclass and a.privilege_type = 'SELECT'`,
  );
  await tx.query("alter table public.wallets set schema newday_legacy");
  await tx.query(`create view public.wallets as
    select w.id, w.user_id, coalesce(c1.balance + c1.claim, 0) as game_coins,
      coalesce(c2.balance, 0) as cash_balance, coalesce(c3.balance, 0) as computing_power,
      w.created_at,
      nullif(greatest(w.updated_at, c1.changed_at, c2.changed_at, c3.changed_at), w.created_at)
        as updated_at
    from newday.ledger_wallets w
    left join newday.accounts c1 on c1.id = w.number * 65536 + 1
    left join newday.accounts c2 on c2.id = w.number * 65536 + 2
    left join newday.accounts c3 on c3.id = w.number * 65536 + 3
    where w.role is null`);
  await tx.query(
    "comment on view public.wallets is 'Balances from the New Day ledger; read-only since adoption'",
  );
  await tx.query(`create trigger wallets_read_only instead of insert or update or delete
    on public.wallets for each row execute function newday.refuse_legacy_write()`);
  for (const { grantee } of readers) await tx.query(`grant select on public.wallets to ${grantee}`);
  await tx.query("select newday.grant_legacy_reads()");
}
