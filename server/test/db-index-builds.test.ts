/** Indexes of live tables are built while writers go on, and anew after a build that was interrupted. */
import { expect, it } from "vitest";
import type { Database } from "../src/db/database.ts";
import { listIndexBuilds } from "../src/db/index-builds.ts";
import { listMigrations, migrate } from "../src/db/migrations.ts";
import { useTestDatabase } from "./support/database.ts";
import { until } from "./support/until.ts";

const BUILDS = listMigrations().filter(({ sql }) => listIndexBuilds(sql).length > 0);

async function insertUser(db: Pick<Database, "query">, id: string): Promise<void> {
  await db.query(
    "insert into newday.users (user_id, platform, external_id, display_name) values ($1, 'newday', $1, $1)",
    [id],
  );
}

/** As before the newest file of indexes, with one of them half built. */
async function useEarlierDatabase() {
  const { db } = await useTestDatabase();
  const migration = BUILDS.find(({ sql }) => sql.includes("users_search"));
  if (!migration) throw new Error("no migration builds users_search");
  const names = listIndexBuilds(migration.sql).map(({ name }) => name);
  for (const name of names.filter((one) => one !== "users_search"))
    await db.query(`drop index newday.${name}`);
  await db.query(
    "update pg_index set indisvalid = false where indexrelid = 'newday.users_search'::regclass",
  );
  await db.query("delete from newday.schema_migrations where id = $1", [migration.id]);
  return { db, names, name: migration.name };
}

async function validIndexes(db: Database, names: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indisvalid and c.relnamespace = 'newday'::regnamespace and c.relname = any($1::text[])`,
    [names],
  );
  return rows.map(({ name }) => name).toSorted();
}

it("lets writers go on while a build waits for an old transaction", async () => {
  const { db, names, name } = await useEarlierDatabase();
  let running: Promise<{ applied: readonly string[] }> | undefined;
  await db.transaction(async (tx) => {
    await insertUser(tx, "slow");
    running = Promise.all([migrate(db), migrate(db)]).then(([one, other]) => ({
      applied: [...one.applied, ...other.applied],
    }));
    await until(async () => {
      const [build] = await db.query(
        `select from pg_stat_activity where datname = current_database()
          and application_name = 'newday-index-build' and wait_event_type = 'Lock'`,
      );
      return build !== undefined;
    });
    await insertUser(db, "meanwhile");
  });
  expect((await running)?.applied).toEqual([name]);
  expect(await validIndexes(db, names)).toEqual(names.toSorted());
});

it("takes a file with other statements for none of indexes, or refuses it", () => {
  expect(listIndexBuilds("create index a on newday.users (user_id);")).toEqual([]);
  const mixed = "create index concurrently a on newday.users (user_id); select 1;";
  expect(() => listIndexBuilds(mixed)).toThrow("select 1");
});
