/** The inventory of personal data and the catalogue say the same: a new column must be decided. */
import { expect, it } from "vitest";
import {
  IMPERSONAL_TABLES,
  PERSONAL_TABLES,
  STAFF_TABLES,
} from "../../src/privacy/personal-tables.ts";
import { useAdoptedDatabase } from "../support/app.ts";

it("names every column of the adopted database", async () => {
  const { db } = await useAdoptedDatabase();
  const rows = await db.query<{ name: string; columns: string[]; key: string[] | null }>(
    `select n.nspname || '.' || c.relname as name,
        (select array_agg(a.attname::text order by a.attname) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
        (select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum))
          from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
          where i.indrelid = c.oid and i.indisprimary) as key
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname in ('newday', 'newday_legacy', 'public')`,
  );
  const others = [...IMPERSONAL_TABLES, ...STAFF_TABLES];
  const known = PERSONAL_TABLES.map(({ name, columns, facts, internal }) => [
    name,
    [...Object.keys(columns), ...facts, ...internal].toSorted(),
  ]);
  const catalogue = rows
    .filter(({ name }) => !others.includes(name))
    .map(({ name, columns }) => [name, columns.toSorted()]);
  expect(Object.fromEntries(known)).toEqual(Object.fromEntries(catalogue));
  const names = rows.map(({ name }) => name);
  expect(others.filter((name) => !names.includes(name))).toEqual([]);
  const keys = new Map(rows.map(({ name, key }) => [name, key]));
  const wrong = PERSONAL_TABLES.filter(
    ({ name, key }) => key.join() !== (keys.get(name) ?? ["id"]).join(),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});
