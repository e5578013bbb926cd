/** A digest of every row of a database, to prove that nothing was changed. */
import type { Queryable } from "../../src/db/database.ts";

/** By table, of all tables of the schemas `newday` and `public`. */
export type DatabaseDigest = Readonly<Record<string, string>>;

/** Returns a function that reads the digest in one statement. */
export async function prepareDigest(db: Queryable): Promise<() => Promise<DatabaseDigest>> {
  const tables = await db.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('newday', 'public') and c.relkind = 'r' order by 1`,
  );
  const statement = tables
    .map(
      ({ name }) =>
        `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${name} t`,
    )
    .join(" union all ");
  return async () => {
    const rows = await db.query<{ name: string; digest: string }>(statement);
    return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
  };
}
