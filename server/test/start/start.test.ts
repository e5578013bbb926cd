/** How a server starts, what it says, and what it survives. */
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../src/config.ts";
import { isProcessAlive } from "../../src/db/cluster.ts";
import { reachableHosts, refusePortInUse, requireAddresses } from "../../src/start/listen.ts";
import { startLines, type StartFacts } from "../../src/start/start-lines.ts";
import { homeOf, postmasterPid, useDataFolder } from "../embedded/support.ts";
import { useAdoptedDatabase } from "../support/app.ts";
import { buildOnce, newday, newdayBeside, startServer } from "../support/server-process.ts";
import { startWrapped } from "./support.ts";

beforeAll(buildOnce);

async function usePortOn(host: string): Promise<number> {
  const server = createServer().listen({ host, port: 0 });
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

describe("D3: localhost", () => {
  it("is refused when one of its addresses is taken", async () => {
    const port = await usePortOn("127.0.0.1");
    const config = readConfig({ PORT: String(port) }, "/");
    await expect(refusePortInUse(config)).rejects.toMatchObject({
      code: "port_in_use",
      message: expect.stringContaining("127.0.0.1"),
    });
  });

  it("is refused when the server could listen on one of its addresses only", () => {
    const config = readConfig({ PORT: "5000" }, "/");
    const bound = [{ address: "::1", family: "IPv6", port: 5000 }];
    expect(() => requireAddresses(bound, ["127.0.0.1", "::1"], config)).toThrow("127.0.0.1");
    expect(() => requireAddresses(bound, ["::1"], config)).not.toThrow();
  });
});

describe("Start: the lines of a start", () => {
  const facts: StartFacts = {
    config: readConfig({}, "/"),
    version: "1",
    database: { en: "embedded", zh: "内嵌" },
    notes: [],
    obstacle: undefined,
    firstOwnerCode: undefined,
    secrets: {
      imported: [],
      notStored: [],
      differing: [],
      unreadable: [],
      hasKey: true,
      canProve: true,
    },
    health: {
      database: "ok",
      schemaVersion: 1,
      walletForeignKeys: [],
      adoption: "adopted",
      sessions: "restricted",
      unsafeSettings: ["fsync"],
      compatibilityLogins: [],
    },
    port: 5000,
    reachable: ["localhost", "192.0.2.7"],
    startedInMs: 1,
  };

  it.each(["en", "zh"] as const)(
    "name console, docs and the command for a key (%s)",
    (language) => {
      const lines = startLines(facts, language).join("\n");
      expect(lines).toMatch(/http:\/\/localhost:5000\/\n/);
      expect(lines).toContain("http://localhost:5000/docs");
      expect(lines).toContain("newday -- key create --platform");
      expect(lines).toContain("fsync = off");
    },
  );

  it("name the database for the command, unless it is the default one", () => {
    const lineOf = (env: Record<string, string>, cwd = "/") => {
      const lines = startLines({ ...facts, config: readConfig(env, cwd) }, "en");
      return lines.find((line) => line.includes("key create"))?.trim();
    };
    const command = "npm run -s newday -- key create --platform allinone --scopes all";
    const checkout = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
    expect(lineOf({}, checkout)).toBe(`key       ${command}`);
    expect(lineOf({}, "/srv")).toBe(`key       NEWDAY_DATA_DIR=/srv/.newday ${command}`);
    expect(lineOf({ NEWDAY_DATA_DIR: "/srv/new day" })).toBe(
      `key       NEWDAY_DATA_DIR='/srv/new day' ${command}`,
    );
    const secret = { DATABASE_URL: "postgres://u:secret@h/d" };
    expect(lineOf(secret)).toBe(`key       DATABASE_URL="$DATABASE_URL" ${command}`);
  });

  it("of a server for all machines have an address that a phone can open", () => {
    expect(startLines(facts, "en").join("\n")).toContain("http://192.0.2.7:5000");
    expect(reachableHosts("0.0.0.0")[0]).toBe("localhost");
    expect(reachableHosts("0.0.0.0")).not.toContain("0.0.0.0");
  });
});

it("a DATABASE_URL whose server loses writes in a power cut is named at the start, in health and by doctor", async () => {
  const { url } = await useAdoptedDatabase(); // the tests' own servers have both settings off
  const server = startServer({ DATABASE_URL: url, LC_ALL: "zh_CN.UTF-8" });
  const base = await server.base;
  const unsafe = "fsync = off, full_page_writes = off";
  await expect.poll(server.output).toContain(`警告：${unsafe}：断电`);
  const health = await fetch(`${base}/api/health`);
  expect(await health.json()).toMatchObject({
    checks: [
      { ok: true },
      {
        name: "a committed write survives a power cut",
        ok: false,
        evidence: unsafe.split(", "),
      },
    ],
  });
  const doctor = (language: string) =>
    newdayBeside(["doctor", "--base-url", base, "--lang", language], {});
  const [english, chinese] = await Promise.all([doctor("en"), doctor("zh")]);
  expect(english.stdout).toContain(`warning: ${unsafe}, a power cut`);
  expect(chinese.stdout).toContain(`警告：${unsafe}，断电`);
});

describe("M10: a reader of the output that is gone", () => {
  it("neither ends the server nor leaves its PostgreSQL behind", async () => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    const base = await server.base;
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    process.kill(postmasterPid(folder), "SIGKILL"); // the server logs that it brings it back
    await expect.poll(() => ready(base), { timeout: 60_000 }).toBe(503);
    await expect.poll(() => ready(base), { timeout: 60_000 }).toBe(200);
    const pid = postmasterPid(folder);
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(isProcessAlive(pid)).toBe(false);
  });
});

describe("D10: a process with 128 open files", () => {
  it("answers 503 with Retry-After or serves, and never a fault of ours", async () => {
    const settings = { NEWDAY_DATA_DIR: useDataFolder() };
    const server = startWrapped(["sh", "-c", 'ulimit -n 128; exec "$0" "$@"'], settings);
    const base = await server.base;
    expect(base, server.output()).toBeDefined();
    const replies = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => fetch(`${base}/api/shared/wallet/crowd-${i}`)),
    );
    const bad = replies
      .flatMap((reply) => (reply.status === "fulfilled" ? [reply.value] : []))
      .filter(
        ({ status, headers }) => status !== 200 && !(status === 503 && headers.has("retry-after")),
      );
    expect(bad.map(({ status }) => status).filter((status) => status !== 429)).toEqual([]);
    await expect.poll(() => ready(base ?? ""), { timeout: 30_000 }).toBe(200);
  });
});

describe("1.1: a command", () => {
  it.each([["key", "list"], ["audit"], ["currency", "list"], ["roles"], ["adopt", "--dry-run"]])(
    "makes no database where there is none: %s",
    (...args) => {
      const folder = useDataFolder();
      const { status, stderr } = newday(args, { NEWDAY_DATA_DIR: folder });
      expect([status, existsSync(folder)]).toEqual([3, false]);
      expect(stderr).toContain(`There is no New Day database in ${folder}. Set NEWDAY_DATA_DIR`);
    },
  );

  it("says on stderr which database it used, beside a server and without one", async () => {
    const settings = { NEWDAY_DATA_DIR: useDataFolder() };
    const server = startServer(settings);
    await server.base;
    const beside = newday(["key", "list", "--json"], settings);
    expect([beside.status, JSON.parse(beside.stdout)]).toEqual([0, []]);
    expect(beside.stderr).toContain(`of the running server in ${settings.NEWDAY_DATA_DIR}`);
    server.child.kill("SIGTERM");
    await server.exited;
    const alone = newday(["key", "list", "--json"], settings);
    expect(alone.stderr).toContain(homeOf(settings.NEWDAY_DATA_DIR));
    expect(existsSync(join(homeOf(settings.NEWDAY_DATA_DIR), "data", "postmaster.pid"))).toBe(
      false,
    );
  });
});

function ready(base: string): Promise<number> {
  return fetch(`${base}/readyz`).then(
    (reply) => reply.status,
    () => 0,
  );
}
