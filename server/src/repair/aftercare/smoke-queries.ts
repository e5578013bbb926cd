/** The smoke test's direct queries: did *this* call arrive in *this* database? */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { Queryable } from "../../db/database.ts";
import type { ColumnRow } from "../catalogue/catalogue-queries.ts";
import type { Message } from "../../lib/messages.ts";

/** The relation that the API shows, and its column with the user's id. */
export interface WalletTable {
  /** Quoted and qualified. */
  readonly name: string;
  readonly table: string;
  readonly userColumn: string;
}

export interface SmokeWalletRow {
  readonly id: string | null;
  /** The whole row as text: equal texts mean an unchanged row. */
  readonly content: string;
}

export function findSmokeWallets(
  db: Queryable,
  { name, userColumn }: WalletTable,
  userId: string,
): Promise<SmokeWalletRow[]> {
  return db.query<SmokeWalletRow>(
    `select to_jsonb(w) ->> 'id' as id, to_jsonb(w)::text as content
       from ${name} w where w.${quoteIdentifier(userColumn)}::text = $1`,
    [userId],
  );
}

/** Which of these ids have a wallet. */
export async function walletsAmong(
  db: Queryable,
  { name, userColumn }: WalletTable,
  userIds: readonly string[],
): Promise<string[]> {
  const column = `w.${quoteIdentifier(userColumn)}::text`;
  const rows = await db.query<{ id: string }>(
    `select ${column} as id from ${name} w where ${column} = any($1::text[])`,
    [userIds],
  );
  return rows.map(({ id }) => id);
}

/** A user with an older wallet; the API must still show that very wallet. */
export async function someWallet(
  db: Queryable,
  { name, userColumn }: WalletTable,
  reservedPrefix: string,
): Promise<{ userId: string; walletId: string } | undefined> {
  const column = `w.${quoteIdentifier(userColumn)}::text`;
  const [row] = await db.query<{ userId: string; walletId: string }>(
    `select ${column} as "userId", to_jsonb(w) ->> 'id' as "walletId"
       from ${name} w where left(${column}, length($1)) <> $1
        and ${column} ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$' and ${column} not in ('system', 'newday')
      limit 1`,
    [reservedPrefix],
  );
  return row;
}

/** The server's own clock and its counter of rolled-back transactions. */
export async function readMoment(db: Queryable): Promise<{ at: string; rollbacks: number }> {
  const [row] = await db.query<{ at: string; rollbacks: number }>(
    `select clock_timestamp()::text as at,
            coalesce((select xact_rollback::float8 from pg_catalog.pg_stat_database
              where datname = current_database()), 0) as rollbacks`,
  );
  return row ?? { at: "", rollbacks: 0 };
}

/** Columns of other tables that name a user or a wallet: a row there means activity. */
export function findTraceColumns(
  db: Queryable,
  schema: string,
  shown: string,
): Promise<{ table: string; column: string }[]> {
  return db.query(
    `select format('%I.%I', n.nspname, c.relname) as "table", a.attname::text as "column"
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       join pg_catalog.pg_attribute a on a.attrelid = c.oid
      where n.nspname = $1 and c.relkind in ('r', 'p') and c.relname <> $2
        and not exists (select from pg_catalog.pg_inherits i where i.inhrelid = c.oid)
        and a.attnum > 0 and not a.attisdropped
        and a.attname ~ '^(user|player|buyer|seller|owner|wallet)_id$'
        and has_column_privilege(c.oid, a.attnum, 'SELECT')`,
    [schema, shown],
  );
}

export interface Removable {
  readonly table: WalletTable;
  readonly columns: readonly ColumnRow[];
  /** Tables and columns that would name the user or the wallet after any activity. */
  readonly traces: readonly { readonly table: string; readonly column: string }[];
}

/**
 * Deletes the wallet of a synthetic user only when it is the only one, untouched, made after
 * `since`, and unreferenced. Returns why it was left, or undefined when it is gone.
 */
export async function removeUntouched(
  db: Queryable,
  { table, columns, traces }: Removable,
  wallet: { readonly userId: string; readonly since: string; readonly content: string | undefined },
): Promise<Message | undefined> {
  if (!columns.some(({ name }) => name === "created_at"))
    return { en: "the table does not say when a row was made", zh: "该表没有记录行的创建时间" };
  for (const trace of traces) {
    const [row] = await db.query<{ found: boolean }>(
      `select exists (select from ${trace.table} t
                       where t.${quoteIdentifier(trace.column)}::text = any($1::text[])) as found`,
      [[wallet.userId, ...(await idsOf(db, table, wallet.userId))]],
    );
    if (row?.found) return { en: `${trace.table} names it`, zh: `${trace.table} 引用了它` };
  }
  const user = quoteIdentifier(table.userColumn);
  const same = wallet.content === undefined ? startingValues(columns) : "to_jsonb(w)::text = $3";
  const values = [wallet.userId, wallet.since, ...(wallet.content ? [wallet.content] : [])];
  const removed = await db.query(
    `delete from ${table.name} w
      where w.${user}::text = $1 and w.created_at >= $2::text::timestamptz and ${same}
        and (select count(*) from ${table.name} o where o.${user}::text = $1) = 1
      returning 1`,
    values,
  );
  return removed.length === 1
    ? undefined
    : {
        en: "it was used, is older than the test, or is not alone",
        zh: "它已被使用、早于本次测试，或不是唯一的一行",
      };
}

async function idsOf(db: Queryable, table: WalletTable, userId: string): Promise<string[]> {
  return (await findSmokeWallets(db, table, userId)).flatMap(({ id }) => (id === null ? [] : [id]));
}

/** After a crash the row is unrecorded; its numbers must be those of a new wallet. */
function startingValues(columns: readonly ColumnRow[]): string {
  const checks = columns.flatMap(({ name, defaultSql, category }) =>
    category === "N" && defaultSql !== null ? [`w.${quoteIdentifier(name)} = (${defaultSql})`] : [],
  );
  return checks.length > 0 ? checks.join(" and ") : "false";
}
