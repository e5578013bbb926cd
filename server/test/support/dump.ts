/** The rows of a database as text. */
import type { Database } from "../../src/db/database.ts";

/** Every row of every table as one line of text with the name of its table, as a dump has them. */
export async function dumpRows(db: Database): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and n.nspname in ('newday', 'newday_legacy', 'public')`,
  );
  const dumps = tables.map(async ({ name }) => {
    const rows = await db.query<{ text: string }>(`select t::text as text from ${name} t`);
    return rows.map(({ text }) => `${name} ${text}`);
  });
  return (await Promise.all(dumps)).flat();
}
