/** A backup counts only when it was restored and compared; every kind of damage is noticed. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readManifest, type Backup } from "../../src/repair/backup/manifest.ts";
import { fileHash, requireRoom, takeBackup } from "../../src/repair/backup/take-backup.ts";
import { verifyBackup } from "../../src/repair/backup/verify-backup.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { silent } from "../../src/repair/model/events.ts";
import { newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const PG_RESTORE = "/usr/lib/postgresql/15/bin/pg_restore";

async function backUp(repair?: string, extraSql?: string) {
  const database = await useLegacyDatabase("pg15", extraSql);
  const plan = await planOf(database.url, repair);
  const folder = useFolder();
  const backup = await takeBackup({ target: database.url, plan, folder, full: false });
  return { database, backup, folder };
}

/** The note is made to fit the damaged file, as when the file was damaged before it was hashed. */
async function withItsOwnHash(backup: Backup): Promise<Backup> {
  return { ...backup, bytes: statSync(backup.path).size, sha256: await fileHash(backup.path) };
}

function listSays(path: string): number | null {
  return spawnSync(PG_RESTORE, ["--list", path]).status;
}

const refused = { code: "repair_refused" };

describe("backup", () => {
  test("restores on a server of its own and equals the snapshot, although the table moved on", async () => {
    const { database, backup, folder } = await backUp();
    await withRepairConnection(database.url, "test", (client) =>
      client.query("delete from public.wallets where user_id = 'user-001'"),
    );
    const proof = await verifyBackup({ backup, emit: silent });
    expect(proof.tables).toBeGreaterThanOrEqual(6);
    expect(proof.rows).toBeGreaterThan(100);
    expect(proof.foreignKeys).toBe(backup.foreignKeys.length);
    expect(statSync(backup.path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readManifest(backup.path)).toEqual(JSON.parse(JSON.stringify(backup)));
    expect(Date.parse(backup.deleteAfter)).toBeGreaterThan(Date.now());
  });

  test("holds whatever its foreign keys need, and only the structure of the rest", async () => {
    const { backup } = await backUp(
      "wallets",
      `create table public.seasons (id int primary key);
       insert into public.seasons values (1);
       create table public.scores (player_id text references public.players, season int references public.seasons);
       insert into public.scores select id, 1 from public.players;
       create table public.audit_noise as select generate_series(1, 1000) n;`,
    );
    const tables = backup.contents.map(({ table }) => table);
    expect(tables).toContain("public.seasons");
    expect(tables).not.toContain("public.audit_noise");
    await expect(verifyBackup({ backup, emit: silent })).resolves.toBeDefined();
  });

  test("compares partitions and inheriting tables without counting them twice", async () => {
    const { backup } = await backUp(
      "wallets",
      `create table public.bonus_wallets () inherits (public.wallets);
       insert into public.bonus_wallets (user_id) values ('user-001');`,
    );
    const wallets = backup.contents.filter(({ table }) => table.includes("wallets"));
    expect(wallets.map(({ table }) => table)).toEqual(["public.wallets"]);
    await expect(verifyBackup({ backup, emit: silent })).resolves.toBeDefined();
  });

  test("rows that break a key which counts as valid are named, with the way on", async () => {
    const { backup } = await backUp(
      "wallets",
      `set session_replication_role = replica;
       insert into public.wallets (user_id) values ('nobody');`,
    );
    await expect(verifyBackup({ backup, emit: silent })).rejects.toThrow(
      /\(nobody\) is not present[^]*W34[^]*--backup-attested TEXT\. Nothing was changed/,
    );
  });

  test("a truncated dump is refused, which its table of contents would not show", async () => {
    const { backup } = await backUp();
    truncateSync(backup.path, Math.floor(backup.bytes * 0.9));
    expect(listSays(backup.path)).toBe(0);
    await expect(verifyBackup({ backup, emit: silent })).rejects.toMatchObject(refused);
    const renamed = await withItsOwnHash(backup);
    await expect(verifyBackup({ backup: renamed, emit: silent })).rejects.toThrow(
      /cannot be read to its end/,
    );
  });

  test("a dump with flipped bits is refused by its hash, and by its contents when the hash was noted late", async () => {
    const { backup } = await backUp();
    const bytes = readFileSync(backup.path);
    // In the middle of the compressed rows, far behind the table of contents.
    for (let at = bytes.length - 2_000; at < bytes.length - 1_000; at++)
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    writeFileSync(backup.path, bytes);
    expect(listSays(backup.path)).toBe(0);
    await expect(verifyBackup({ backup, emit: silent })).rejects.toThrow(/SHA-256/);
    const renamed = await withItsOwnHash(backup);
    await expect(verifyBackup({ backup: renamed, emit: silent })).rejects.toMatchObject(refused);
  });

  test("an empty file and a missing file are refused", async () => {
    const { backup } = await backUp();
    truncateSync(backup.path, 0);
    const renamed = await withItsOwnHash(backup);
    await expect(verifyBackup({ backup: renamed, emit: silent })).rejects.toMatchObject(refused);
    const missing = { ...backup, path: `${backup.path}.gone` };
    await expect(verifyBackup({ backup: missing, emit: silent })).rejects.toThrow(/is not there/);
  });

  test("the dump of another database with the same tables is refused", async () => {
    const { backup } = await backUp();
    const { backup: other } = await backUp(
      "wallets",
      "update public.wallets set game_coins = game_coins + 1 where user_id = 'user-001'",
    );
    const mixed = { ...(await withItsOwnHash(other)), contents: backup.contents };
    await expect(verifyBackup({ backup: mixed, emit: silent })).rejects.toThrow(
      /public\.wallets has other contents/,
    );
  });

  test("a run that is killed while it dumps leaves nothing that looks like a backup", async () => {
    const database = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const [tools, plan, dumps] = ["bin", "plan.json", "dumps"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    mkdirSync(tools);
    writeFileSync(
      join(tools, "pg_dump"),
      '#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 15.1" && exit\n' +
        // As long as the run lives, however slowly it is noticed here.
        "while kill -0 $PPID; do sleep 0.1; done\n",
      { mode: 0o755 },
    );
    const line = ["--database-url", database.url];
    expect(newday(["plan", "--out", plan, ...line]).status).toBe(0);
    const dump = ["backup", "--plan", plan, "--backup-dir", dumps, "--pg-bin", tools, ...line];
    const run = startNewday(dump);
    const files = () => (existsSync(dumps) ? readdirSync(dumps) : []);
    await expect.poll(files).toHaveLength(1);
    run.child.kill("SIGKILL");
    await run.ended;
    expect(files().join()).toMatch(/\.dump\.unfinished$/);
  });

  test("no pg_dump of the server's version is a refusal that names the package", async () => {
    const database = await useLegacyDatabase();
    const present = await planOf(database.url);
    // An uninstalled version, so that the test is equal on every machine.
    const plan = { ...present, target: { ...present.target, versionNumber: 990_001 } };
    const request = { target: database.url, plan, folder: useFolder(), full: false };
    await expect(takeBackup(request)).rejects.toThrow(/postgresql-client-99/);
  });

  test("a disk without room is a refusal before the dump begins", () => {
    expect(() => requireRoom(useFolder(), 2 ** 60)).toThrow(/nothing was changed/);
  });
});
