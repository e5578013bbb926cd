/** D1: what a server has acknowledged survives every attempt of other containers to open its folder. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { text } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildOnce, newday, startServer } from "../support/server-process.ts";
import { environment } from "../support/spawn-server.ts";
import { CONTAINER, homeOf, postmasterPid, useDataFolder } from "./support.ts";

const AS_ROOT = process.getuid?.() === 0;
const TRANSFERS = 300;
/** Opens no port of ours: a container has a loopback of its own, which is down. */
const ANY_HOST = "0.0.0.0";
const [SERVER, COMMAND] = ["../../dist/main.js", "../../bin/newday.mjs"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

beforeAll(buildOnce);

/** Runs a program of New Day in namespaces of its own, where nothing but files is shared. */
async function runInContainer(folder: string, args: readonly string[], prepare: string) {
  const temporary = mkdtempSync(join(tmpdir(), "nd-container-"));
  chmodSync(temporary, 0o711);
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const script = `hostname other && mount -t tmpfs tmpfs ${temporary} && export TMPDIR=${temporary} && ${prepare} && exec "$@"`;
  const [unshare = "", ...namespaces] = CONTAINER;
  const child = spawn(
    unshare,
    [...namespaces, "sh", "-c", script, "sh", process.execPath, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: environment({ NEWDAY_DATA_DIR: folder, PORT: "0", HOST: ANY_HOST }),
    },
  );
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status: status as number | null, said: output + errors };
}

async function balanceOf(base: string, userId: string): Promise<number> {
  const reply = await fetch(`${base}/api/shared/wallet/${userId}`);
  return ((await reply.json()) as { gameCoins: number }).gameCoins;
}

describe.runIf(AS_ROOT).each([
  ["a short path", "data"],
  ["a long path", "long".repeat(28)],
])("D1: %s", (_, name) => {
  it(`keeps ${TRANSFERS} acknowledged transfers while containers try to open it`, async () => {
    const folder = useDataFolder(name);
    const settings = { NEWDAY_DATA_DIR: folder };
    const first = startServer(settings);
    const base = await first.base;
    const createKey = (...options: readonly string[]) => {
      const made = newday(["key", "create", ...options, "--scopes", "all"], settings);
      return /nd_\w+_[\w-]{40,}/.exec(made.stdout)?.[0] ?? "";
    };
    const key = createKey("--platform", "allinone");
    const post = (path: string, as: string, mark: string, body: object) =>
      fetch(`${base}/api/v1${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${as}`,
          "content-type": "application/json",
          "idempotency-key": mark,
        },
        body: JSON.stringify({ currency: "game_coins", ...body }),
      });
    for (const userId of ["payer", "payee"]) await balanceOf(base, userId);
    // Starter coins stay where they are.
    const coins = { userId: "payer", amount: `${TRANSFERS}`, reason: "transfers to come" };
    const operator = createKey("--role", "operator");
    expect((await post("/adjustments", operator, "coins", coins)).status).toBe(201);
    const pid = postmasterPid(folder);

    const run = join(homeOf(folder), "run");
    const hideSocket = `mkdir -p ${run} && mount -t tmpfs tmpfs ${run}`;
    const attempts = (async () => {
      const seen = [];
      for (const prepare of ["true", hideSocket])
        for (const args of [[SERVER ?? ""], [COMMAND ?? "", "audit"]])
          seen.push(await runInContainer(folder, args, prepare));
      return seen;
    })();
    let acknowledged = 0;
    for (let number = 0; number < TRANSFERS; number += 1) {
      const payment = { from: "payer", to: "payee", amount: "1" };
      const reply = await post("/transfers", key, `transfer-${number}`, payment);
      acknowledged += Number(reply.status === 201);
    }
    expect(acknowledged).toBe(TRANSFERS);
    for (const { status, said } of await attempts) {
      expect(said).not.toContain("serves on");
      // A command may join the server through its socket, where it sees it; nothing starts a second one.
      if (status === 0) expect(said).toContain("running server");
      else expect(said).toContain(`New Day process ${first.child.pid}`);
    }
    expect(postmasterPid(folder)).toBe(pid);

    process.kill(pid, "SIGKILL"); // what is in memory only is gone
    first.child.kill("SIGKILL");
    await first.exited;
    const again = await startServer(settings).base;
    expect([await balanceOf(again, "payer"), await balanceOf(again, "payee")]).toEqual([
      1000,
      1000 + TRANSFERS,
    ]);
    const audit = spawnSync(process.execPath, [COMMAND ?? "", "audit"], {
      encoding: "utf8",
      env: environment(settings),
    });
    expect([audit.status, audit.stdout]).toEqual([0, expect.stringContaining("sound")]);
  }, 300_000);
});
