import { describe, expect, it } from "vitest";
import { listMigrations, migrate, schemaVersion } from "../src/db/migrations.ts";
import { useTestDatabase } from "./support/database.ts";

describe.each(["pg15", "pg18"] as const)("migrate on %s", (server) => {
  it("creates the legacy schema with the key that keeps other platforms out", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    const report = await migrate(db);
    expect(report.version).toBe(listMigrations().at(-1)?.id);
    const keys = await db.query<{ name: string }>(
      "select conname as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace",
    );
    expect(keys.map(({ name }) => name)).toContain("wallets_user_id_players_id_fk");
  });

  it("applies nothing on a second run, and survives ten runners at once", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    const reports = await Promise.all(Array.from({ length: 10 }, () => migrate(db)));
    expect(reports.flatMap(({ applied }) => applied).toSorted()).toEqual(
      listMigrations().map(({ name }) => name),
    );
    expect((await migrate(db)).applied).toEqual([]);
  });

  it("refuses a database of a newer version and says both versions", async () => {
    const { db } = await useTestDatabase({ server });
    await db.query(
      "insert into newday.schema_migrations (id, name, checksum) values (9999, 'future', 'x')",
    );
    await expect(migrate(db)).rejects.toMatchObject({
      code: "database_newer",
      details: { databaseVersion: 9999 },
    });
  });

  it("refuses a migration whose file has changed since it was applied", async () => {
    const { db } = await useTestDatabase({ server });
    await db.query("update newday.schema_migrations set checksum = 'edited' where id = 1");
    await expect(migrate(db)).rejects.toMatchObject({ code: "migration_changed" });
    expect(await schemaVersion(db)).toBeGreaterThan(0);
  });
});
