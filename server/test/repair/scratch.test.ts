/** The server of an hour, from the embedded binaries: a rehearsal where no PostgreSQL is installed. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findTool } from "../../src/repair/backup/pg-tools.ts";
import { silent } from "../../src/repair/model/events.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import type { ConnectionTarget } from "../../src/db/driver/direct-client.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { measure } from "../../src/repair/rehearse/measure.ts";
import { tryRollbacks } from "../../src/repair/rehearse/try-rollbacks.ts";
import { findOrigin, withScratchServer } from "../../src/repair/backup/scratch-server.ts";
import { planOf } from "./legacy.ts";

const LEGACY_SQL = new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url);
/** Two dozen copies of a database, on a machine that may be busy. */
const DEADLINE_MS = 300_000;

it(
  "rehearses the repair and every rollback option on the embedded 18, and leaves no server behind",
  async () => {
    let folder = "";
    await withScratchServer(18, undefined, async (server) => {
      if (!findTool("postgres", 18)) expect(server.why.en).toContain("the embedded PostgreSQL 18");
      expect(server.version).toMatch(/^18/);
      const target = await server.create("restored", {});
      folder = (target as Exclude<ConnectionTarget, string>).host;
      await withRepairConnection(target, "fixture", (client) =>
        client.script(`set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")}`),
      );
      const measured = await server.create("measured", { template: "restored" });
      const { locks, rows } = await measure(measured, await planOf(measured));
      expect(locks).toHaveLength(2);
      expect(rows).toBe(182);
      const tried = await tryRollbacks({
        server,
        template: "restored",
        repair: findRepair("wallets"),
        schema: "public",
        tool: "test",
        emit: silent,
      });
      expect(tried).toHaveLength(12);
      expect(tried.filter(({ rowsKept }) => !rowsKept)).toEqual([]);
    });
    expect(existsSync(folder)).toBe(false);
  },
  DEADLINE_MS,
);

it("has its socket where a path fits, however long TMPDIR is, and leaves nothing there", async () => {
  const long = join(mkdtempSync(join(tmpdir(), "nd-")), "long".repeat(30));
  mkdirSync(long, { recursive: true });
  for (const folder of [dirname(long), long]) chmodSync(folder, 0o711); // the server may be another user
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = long;
  onTestFinished(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    rmSync(dirname(long), { recursive: true });
  });
  let socketFolder = "";
  await withScratchServer(18, undefined, async (server) => {
    const target = await server.create("restored", {});
    socketFolder = (target as Exclude<ConnectionTarget, string>).host;
    await withRepairConnection(target, "test", (client) => client.query("select 1"));
  });
  expect(socketFolder).not.toContain("long");
  expect([existsSync(socketFolder), readdirSync(long)]).toEqual([false, []]);
});

it("is refused, with the package to install, for a version that is nowhere", () => {
  expect(() => findOrigin(9)).toThrow("Install postgresql-9");
});
