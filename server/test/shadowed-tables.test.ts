import { describe, expect, it } from "vitest";
import type { Database } from "../src/db/database.ts";
import { listMigrations, migrate, schemaVersion } from "../src/db/migrations.ts";
import { useLegacyDatabase } from "./repair/legacy.ts";

/** As an old server reads; the login of the test servers is called newday, with the default path. */
function readCoins(db: Database) {
  return db.query<{ coins: number }>(
    'select game_coins as coins from "wallets" order by user_id, coins',
  );
}

/** Of the test's own database only. */
async function setPath(db: Database, change: string): Promise<void> {
  const [row] = await db.query<{ name: string }>("select current_database() as name");
  await db.query(`alter role newday in database ${row?.name} ${change}`);
}

describe.each(["pg15", "pg18"] as const)("S2: a login called newday on %s", (server) => {
  it("reads the old server's unqualified tables before, during and after the first start", async () => {
    const { db } = await useLegacyDatabase(server);
    const [login] = await db.query(
      "select current_user as name, current_setting('search_path') as path",
    );
    expect(login).toEqual({ name: "newday", path: '"$user", public' });
    const before = await readCoins(db);
    expect(before.length).toBeGreaterThan(0);
    let isStarting = true;
    const failures: unknown[] = [];
    const load = (async () => {
      while (isStarting) await readCoins(db).catch((error: unknown) => failures.push(error));
    })();
    await migrate(db);
    isStarting = false;
    await load;
    expect(failures).toEqual([]);
    expect(await readCoins(db)).toEqual(before);
  });

  it("reads them again once a database of the release before is upgraded", async () => {
    const { db } = await useLegacyDatabase(server);
    const before = await readCoins(db);
    await setPath(db, "set search_path = public");
    await migrate(
      db,
      listMigrations().filter(({ id }) => id < 69),
    );
    await setPath(db, "reset search_path");
    await migrate(db);
    expect(await readCoins(db)).toEqual(before);
  });

  it("refuses the first start where another table would be hidden, and changes nothing", async () => {
    const { db } = await useLegacyDatabase(server, "create table public.items (id text)");
    await expect(migrate(db)).rejects.toMatchObject({
      code: "schema_shadows",
      details: { tables: ["public.items"], roles: ["newday"] },
    });
    expect(await schemaVersion(db)).toBe(0);
    await setPath(db, "set search_path = public");
    await migrate(db);
    expect(await schemaVersion(db)).toBe(listMigrations().at(-1)?.id);
  });
});
