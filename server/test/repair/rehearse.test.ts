/** A rehearsal predicts production's answer, and changes only its copy. */
import { expect, test } from "vitest";
import { takeBackup } from "../../src/repair/backup/take-backup.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { silent } from "../../src/repair/model/events.ts";
import { rehearse } from "../../src/repair/rehearse/rehearse.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

/** Two dozen copies of a database, on a machine that may be busy. */
const DEADLINE_MS = 300_000;

test(
  "the repair and every rollback option run on the copy, with and without external users, and no row is lost",
  async () => {
    const database = await useLegacyDatabase("pg15");
    const plan = await planOf(database.url);
    const backup = await takeBackup({
      target: database.url,
      plan,
      folder: useFolder(),
      full: false,
    });
    const result = await rehearse({ backup, tool: "test", emit: silent });
    expect(
      result.rollbacks.map(({ option, strangers, outcome }) => [option, strangers, outcome]),
    ).toEqual([
      ["exact", 0, "ROLLED_BACK"],
      ["freeze", 0, "ROLLED_BACK_NOT_VALID"],
      ["no-action", 0, "ROLLED_BACK"],
      ["quarantine", 0, "refused"],
      ["stubs", 0, "refused"],
      ["fix-forward", 0, "FIX_FORWARD"],
      ["exact", 1, "refused"],
      ["freeze", 1, "ROLLED_BACK_NOT_VALID"],
      ["no-action", 1, "ROLLED_BACK_NOT_VALID"],
      ["quarantine", 1, "ROLLED_BACK"],
      ["stubs", 1, "ROLLED_BACK"],
      ["fix-forward", 1, "FIX_FORWARD"],
    ]);
    expect(result.rollbacks.every(({ rowsKept }) => rowsKept)).toBe(true);
    // Measured: both tables, exclusively (docs/repair/facts.md 2.1).
    expect(result.locks).toEqual([
      { relation: "public.players", mode: "AccessExclusiveLock" },
      { relation: "public.wallets", mode: "AccessExclusiveLock" },
    ]);
    expect(result.rows).toBe(backup.contents.find(({ table }) => table === "public.wallets")?.rows);
    const left = await withRepairConnection(database.url, "test", (client) =>
      client.query("select from pg_catalog.pg_namespace where nspname = 'newday'"),
    );
    expect(left).toEqual([]);
    expect((await planOf(database.url)).keys).toHaveLength(1);
  },
  DEADLINE_MS,
);

test(
  "with all paths opened, rows that several keys make orphan rows of are counted once and kept",
  async () => {
    const database = await useLegacyDatabase("pg15");
    const plan = await planOf(database.url, "all-user-paths");
    const backup = await takeBackup({
      target: database.url,
      plan,
      folder: useFolder(),
      full: false,
    });
    const { rollbacks, locks } = await rehearse({ backup, tool: "test", emit: silent });
    expect(rollbacks.filter(({ rowsKept }) => !rowsKept)).toEqual([]);
    const quarantine = rollbacks.find(
      ({ option, strangers }) => option === "quarantine" && strangers > 0,
    );
    expect(quarantine?.outcome).toBe("ROLLED_BACK");
    expect(locks).toHaveLength(6);
  },
  DEADLINE_MS,
);

test(
  "X8: an option that a trigger of the tables refuses is reported with its words, and the others are tried",
  async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `create function public.no_stubs() returns trigger language plpgsql as
         $$ begin raise exception 'players come from the game only'; end $$;
       create trigger no_stubs before insert on public.players for each row execute function public.no_stubs();`,
    );
    const plan = await planOf(database.url);
    const folder = useFolder();
    const backup = await takeBackup({ target: database.url, plan, folder, full: false });
    const { rollbacks } = await rehearse({ backup, tool: "test", emit: silent });
    const stubs = rollbacks.find(({ option, strangers }) => option === "stubs" && strangers > 0);
    expect(stubs).toMatchObject({ outcome: "refused", rowsKept: true });
    expect(stubs?.words).toContain("players come from the game only");
    expect(rollbacks).toHaveLength(12);
  },
  DEADLINE_MS,
);
