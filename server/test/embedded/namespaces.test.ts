/**
 * D1: one data folder, and starters that cannot see one another: containers on one volume, and hosts on
 * one network file system. Each test runs real processes in namespaces of their own.
 */
import { spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, it } from "vitest";
import { openEmbedded } from "../../src/db/embedded/open-embedded.ts";
import { isProcessAlive } from "../../src/db/cluster.ts";
import { onTestFinished } from "../support/test-end.ts";
import {
  buildOwnerProcess,
  CONTAINER,
  homeOf,
  postmasterPid,
  startOwner,
  useDataFolder,
  useEmbedded,
  type OwnerProcess,
} from "./support.ts";

const AS_ROOT = process.getuid?.() === 0;
/** As long as a path in a container may be: its socket does not fit beside the data. */
const LONG_NAME = "long".repeat(28);

/** They mostly wait for limits and heartbeats, each on a folder of its own. */
const SIDE_BY_SIDE = { concurrent: true } as const;

beforeAll(buildOwnerProcess);

interface Container {
  readonly child: ChildProcess;
  readonly line: OwnerProcess["line"];
}

/** A starter in a container of its own: nothing of ours is visible but the files. */
function startInContainer(folder: string, prepare = "true"): Container {
  const temporary = mkdtempSync(join(tmpdir(), "nd-container-"));
  chmodSync(temporary, 0o711);
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const script = `hostname other-host && mount -t tmpfs tmpfs ${temporary} && export TMPDIR=${temporary} && ${prepare} && exec "$0" "$@"`;
  return startOwner(folder, 0, [...CONTAINER, "sh", "-c", script]);
}

function outcome(owner: Container) {
  return owner.line((line) => (line.ready ?? line.code ?? line.crash) !== undefined);
}

describe.runIf(AS_ROOT).each([
  ["a short path", "data"],
  ["a long path", LONG_NAME],
])("D1: two containers on one data folder with %s", SIDE_BY_SIDE, (_, name) => {
  it("the second is refused, names the holder, and the first goes on", async ({ expect }) => {
    const folder = useDataFolder(name);
    const first = startOwner(folder, 1_000_000);
    await first.line((line) => (line.number ?? 0) >= 20);
    const pid = postmasterPid(folder);
    const second = await outcome(startInContainer(folder));
    expect(second).toMatchObject({ code: "data_folder_in_use" });
    expect(second.message).toContain(`New Day process ${first.child.pid}`);
    expect(postmasterPid(folder)).toBe(pid);
    const before = first.lines.length;
    await first.line((line) => (line.number ?? 0) > before);
  });

  it("the second is refused too after the lock file was deleted", async ({ expect }) => {
    const folder = useDataFolder(name);
    const first = startOwner(folder);
    await first.line((line) => line.ready === true);
    rmSync(join(homeOf(folder), "owner.lock"));
    const run = join(homeOf(folder), "run");
    const hidden = await outcome(
      startInContainer(folder, `mkdir -p ${run} && mount -t tmpfs tmpfs ${run}`),
    );
    expect(hidden).toMatchObject({ code: "data_folder_in_use" });
  });

  it("the second is refused too where a tmpfs hides the socket", async ({ expect }) => {
    const folder = useDataFolder(name);
    const first = startOwner(folder);
    await first.line((line) => line.ready === true);
    const run = join(homeOf(folder), "run");
    const hidden = await outcome(
      startInContainer(folder, `mkdir -p ${run} && mount -t tmpfs tmpfs ${run}`),
    );
    expect(hidden).toMatchObject({ code: "data_folder_in_use" });
    expect(hidden.message).toContain(`New Day process ${first.child.pid}`);
  });

  it("the second is refused while the first one's server lives on without it", async ({
    expect,
  }) => {
    const folder = useDataFolder(name);
    const first = startOwner(folder);
    await first.line((line) => line.ready === true);
    const pid = postmasterPid(folder);
    first.child.kill("SIGKILL");
    await first.exited;
    expect(await outcome(startInContainer(folder))).toMatchObject({ code: "data_folder_in_use" });
    expect(isProcessAlive(pid)).toBe(true);
    const { embedded } = await useEmbedded(folder);
    expect([embedded.tookOver, postmasterPid(folder)]).toEqual([true, pid]);
  });
});

describe("D1: the lock on a data folder", SIDE_BY_SIDE, () => {
  it.runIf(AS_ROOT)(
    "a container that is gone leaves nothing that blocks the next one",
    async ({ expect }) => {
      const folder = useDataFolder();
      const first = startInContainer(folder);
      await outcome(first);
      first.child.kill("SIGKILL");
      await expect.poll(() => lockOf(folder), { timeout: 20_000 }).toBe("free");
      expect(readFileSync(join(homeOf(folder), "owner.lock"), "utf8")).toContain("other-host");
      const { db } = await useEmbedded(folder);
      expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
    },
  );

  it("is held by the server's own processes after kill -9 of its owner, and ends with them", async ({
    expect,
  }) => {
    const folder = useDataFolder();
    const owner = startOwner(folder);
    await owner.line((line) => line.ready === true);
    owner.child.kill("SIGKILL");
    await owner.exited;
    expect(lockOf(folder)).toBe("held");
    process.kill(postmasterPid(folder), "SIGKILL");
    await expect.poll(() => lockOf(folder)).toBe("free");
    const { embedded } = await useEmbedded(folder);
    expect(embedded.tookOver).toBe(false);
  });

  it("is given back by a clean stop, with an empty file", async ({ expect }) => {
    const folder = useDataFolder();
    await (await openEmbedded(folder)).stop();
    expect([lockOf(folder), readFileSync(join(homeOf(folder), "owner.lock"), "utf8")]).toEqual([
      "free",
      "",
    ]);
  });
});

describe("D1: hosts that share a folder and no kernel", SIDE_BY_SIDE, () => {
  it("a fresh heartbeat of another host is refused with the time to wait, an old one is not", async ({
    expect,
  }) => {
    const folder = useDataFolder();
    await (await openEmbedded(folder)).stop();
    const file = join(homeOf(folder), "owner.lock");
    const other = {
      host: "far",
      boot: "another-kernel",
      machine: "far",
      namespace: "pid:[1]",
      process: 7,
      role: "owner",
    };
    writeFileSync(file, JSON.stringify(other));
    const refused = await openEmbedded(folder).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: "data_folder_in_use", details: { pid: 7, host: "far" } });
    expect(String(refused)).toMatch(/if that host is down, start again in [1-6]?\d seconds/);
    utimesSync(file, new Date(), new Date(Date.now() - 61_000));
    const { db } = await useEmbedded(folder);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("the heartbeat goes on when the owner was killed, and ends with the server", async ({
    expect,
  }) => {
    const folder = useDataFolder();
    const owner = startOwner(folder);
    await owner.line((line) => line.ready === true);
    owner.child.kill("SIGKILL");
    await owner.exited;
    const file = join(homeOf(folder), "owner.lock");
    const long = new Date(Date.now() - 600_000);
    utimesSync(file, long, long);
    await expect.poll(() => ageMs(file), { timeout: 20_000 }).toBeLessThan(60_000);
    const pid = postmasterPid(folder);
    process.kill(pid, "SIGINT");
    await expect.poll(() => isProcessAlive(pid)).toBe(false);
    await expect.poll(() => heartbeatsOf(pid), { timeout: 20_000 }).toBe(0);
  });
});

function ageMs(file: string): number {
  const { stdout } = spawnSync("stat", ["-c", "%Y", file], { encoding: "utf8" });
  return Date.now() - Number(stdout) * 1000;
}

function heartbeatsOf(pid: number): number {
  const { stdout } = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes(`newday-heartbeat ${pid} `)).length;
}

function lockOf(folder: string): "free" | "held" {
  const file = join(homeOf(folder), "owner.lock");
  if (!existsSync(file)) return "free";
  return spawnSync("flock", ["-n", file, "true"]).status === 0 ? "free" : "held";
}
