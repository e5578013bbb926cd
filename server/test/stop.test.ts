/** The end of a server after a signal, at every moment. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { homeOf, postmasterPid, useDataFolder } from "./embedded/support.ts";
import { buildOnce, startServer } from "./support/server-process.ts";

beforeAll(buildOnce);

describe("a signal", () => {
  it("that comes while the server starts stops it and its database", async () => {
    const folder = useDataFolder();
    const postmasterFile = () => join(homeOf(folder), "data", "postmaster.pid");
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    while (!existsSync(postmasterFile())) await sleep(5);
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(server.output()).toContain("stopping on SIGTERM");
    expect(existsSync(postmasterFile())).toBe(false);
  });

  it("that arrives twice, as from a terminal and from npm, stops it in the same order", async () => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    await server.base;
    // Of two kinds, because one that is pending already is not delivered again.
    server.child.kill("SIGINT");
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(0);
    expect(existsSync(join(homeOf(folder), "data", "postmaster.pid"))).toBe(false);
  });

  it("ends it at once the third time, whatever it waits for", async () => {
    const folder = useDataFolder();
    const server = startServer({ NEWDAY_DATA_DIR: folder });
    await server.base;
    const postmaster = postmasterPid(folder);
    process.kill(postmaster, "SIGSTOP");
    onTestFinished(() => void process.kill(postmaster, "SIGCONT"));
    server.child.kill("SIGINT");
    await expect.poll(server.output).toContain("stopping on SIGINT");
    server.child.kill("SIGINT");
    server.child.kill("SIGTERM");
    expect(await server.exited).toBe(1);
  });
});
