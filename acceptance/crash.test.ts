import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { childOf, npmStart, useFolder, type RunningNewDay } from "./support/new-day.ts";

const WALLET = "/api/shared/wallet/crash-test-user";
const MINUTES_2 = 120_000;

it(
  "PostgreSQL killed under a serving New Day costs honest 503s only, and comes back with every wallet",
  async () => {
    const data = join(useFolder(), "data");
    const server = await npmStart(process.cwd(), { NEWDAY_DATA_DIR: data });
    const created = await server.get(WALLET);
    expect(created.body).toMatchObject({ isNewWallet: true });

    const postmaster = Number.parseInt(
      readFileSync(join(data, "data", "postmaster.pid"), "utf8"),
      10,
    );
    // While a process of the killed server holds its memory, the next one fails to start.
    const holder = childOf(postmaster, "checkpointer");
    process.kill(holder, "SIGSTOP");
    let isHeld = true;
    const letGo = () => isHeld && process.kill(holder, "SIGCONT") && (isHeld = false);
    onTestFinished(() => void letGo());
    process.kill(postmaster, "SIGKILL");
    await untilStatus(server, 503);
    letGo();
    await untilStatus(server, 200);
    expect((await server.get(WALLET)).body).toMatchObject({
      isNewWallet: false,
      id: created.body["id"],
    });
    expect(server.output()).toContain("bringing it back");
    await server.end("SIGTERM");
  },
  MINUTES_2,
);

it.each([
  ["SIGTERM to npm alone, as a supervisor sends it,", "SIGTERM", "npm"],
  ["Ctrl-C, which a terminal gives to npm and to the server,", "SIGINT", "all"],
] as const)(
  "%s stops the server and its database",
  async (_, signal, whom) => {
    const data = join(useFolder(), "data");
    const server = await npmStart(process.cwd(), { NEWDAY_DATA_DIR: data });
    await server.end(signal, whom);
    expect(server.output()).toContain(`stopping on ${signal}`);
    expect(existsSync(join(data, "data", "postmaster.pid"))).toBe(false);
  },
  MINUTES_2,
);

/** Waits for /readyz to recover; meanwhile every wallet call must succeed or be refused. */
async function untilStatus(server: RunningNewDay, wanted: number): Promise<void> {
  while ((await server.get("/readyz")).status !== wanted) {
    expect([200, 503]).toContain((await server.get(WALLET)).status);
    await sleep(10);
  }
}
