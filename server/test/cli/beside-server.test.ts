/** The commands of an operator beside the server that owns the embedded database. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import { openOrJoinStore } from "../../src/start/open-store.ts";
import { useDataFolder, useEmbedded } from "../embedded/support.ts";
import { buildOnce, newday, newdayBeside, startServer } from "../support/server-process.ts";
import { useTestDatabase } from "../support/database.ts";

beforeAll(buildOnce);

describe("beside a running server on the embedded database", () => {
  it("the audit reads one snapshot while the server posts, and the server goes on serving", async () => {
    const settings = { NEWDAY_DATA_DIR: useDataFolder() };
    const server = startServer(settings);
    const base = await server.base;
    let opened = 0;
    let open = true;
    const traffic = (async () => {
      for (; open; opened += 1)
        await fetch(`${base}/api/shared/wallet/audited-${opened}`).then((reply) => reply.text());
    })();
    for (let run = 0; run < 3; run += 1) {
      const { status, stdout, stderr } = await newdayBeside(["audit"], settings);
      expect([run, status]).toEqual([run, 0]);
      expect(stderr).toMatch(
        /^newday: database: embedded PostgreSQL of the running server in \S+\n$/,
      );
      expect(stdout).toContain("the books are sound");
    }
    const chinese = await newdayBeside(["audit"], { ...settings, LC_ALL: "zh_CN.UTF-8" });
    expect(chinese.stdout).toContain("账目无误");
    expect(chinese.stdout).not.toContain("every");
    open = false;
    await traffic;
    expect(opened).toBeGreaterThan(0);
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
  });

  it("a command that comes while the owner makes its first database waits for it", async () => {
    const folder = useDataFolder();
    const { embedded } = await useEmbedded(folder);
    const { host, port, user } = embedded.connection;
    const asAdmin = openDatabase({
      connection: { host, port, user, database: "postgres" },
      applicationName: "test",
      poolSize: 1,
      connectTimeoutMs: 60_000,
      statementTimeoutMs: 60_000, // a busy machine takes ten seconds to make a database
    });
    await asAdmin.query("drop database newday");
    const joined = openOrJoinStore(readConfig({ NEWDAY_DATA_DIR: folder }, "/nonexistent"));
    await sleep(300);
    await asAdmin.query("create database newday");
    const store = await joined;
    expect(await store.db.query("select 1 as one")).toEqual([{ one: 1 }]);
    await store.close();
    await asAdmin.close();
  });

  it("the commands that change something work, and the server follows", async () => {
    const settings = { NEWDAY_DATA_DIR: useDataFolder() };
    const base = await startServer(settings).base;
    for (const args of [["adopt"], ["roles"], ["currency", "list"], ["exchange-pair", "list"]])
      expect([args, newday(args, settings).status]).toEqual([args, 0]);
    const made = newday(
      ["key", "create", "--platform", "allinone", "--scopes", "wallets:read", "--json"],
      settings,
    );
    const { id, key } = JSON.parse(made.stdout) as { id: string; key: string };
    const authorization = `Bearer ${key}`;
    const ask = () => fetch(`${base}/api/v1/wallets/audited-1`, { headers: { authorization } });
    expect((await ask()).status).toBe(404);
    expect(newday(["key", "revoke", id], settings).status).toBe(0);
    expect((await ask()).status).toBe(401);
  });
});

describe("newday audit", () => {
  it("makes no database where there is none, and says which setting to change", () => {
    const folder = mkdtempSync(join(tmpdir(), "nd-none-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const missing = join(folder, "data");
    const { status, stdout, stderr } = newday(["audit"], { NEWDAY_DATA_DIR: missing });
    expect([status, stdout, existsSync(missing)]).toEqual([3, "", false]);
    expect(stderr).toContain("NEWDAY_DATA_DIR");
  });

  it("refuses a database that was never migrated, in words and not in SQL", async () => {
    const { url } = await useTestDatabase({ server: "pg15", template: "empty" });
    const { status, stdout, stderr } = newday(["audit"], { DATABASE_URL: url });
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("newday.mjs roles");
    expect(stderr).not.toContain("relation");
  });
});

describe("1.1: a command leaves a database without New Day's tables as it was", () => {
  it.each([
    ["key", "list"],
    ["key", "revoke", "key_1"],
    ["key", "create", "--platform", "allinone", "--scopes", "all"],
    ["currency", "list"],
    ["exchange-pair", "list"],
    ["items", "unmerge", "it_1"],
    ["adopt", "--dry-run"],
  ])("%s %s is refused and makes no table", async (...args) => {
    const { db, url } = await useTestDatabase({ server: "pg15", template: "empty" });
    const { status, stdout, stderr } = newday(args, { DATABASE_URL: url });
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("newday.mjs roles");
    const schemas = await db.query("select 1 from pg_namespace where nspname = 'newday'");
    expect(schemas).toEqual([]);
  });
});
