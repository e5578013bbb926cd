import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { isProcessAlive } from "../../src/db/cluster.ts";
import { openEmbedded } from "../../src/db/embedded/open-embedded.ts";
import { homeOf, postmasterPid, useDataFolder, useEmbedded } from "./support.ts";
import { signalProcess } from "../support/signal-process.ts";

const AS_ROOT = process.getuid?.() === 0;

describe("a data folder", () => {
  it("is made into a durable database and keeps its rows from one start to the next", async () => {
    const folder = useDataFolder();
    const first = await openEmbedded(folder);
    await first.stop();
    const { embedded, db } = await useEmbedded(folder);
    const settings = await db.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
       where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums',
                      'listen_addresses') order by name`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      data_checksums: "on",
      fsync: "on",
      full_page_writes: "on",
      listen_addresses: "",
      synchronous_commit: "on",
    });
    expect(embedded.tookOver).toBe(false);
  });

  it("has no server any more when stop() has resolved, and stop() may be called twice", async () => {
    const folder = useDataFolder();
    const embedded = await openEmbedded(folder);
    const pid = postmasterPid(folder);
    await embedded.stop();
    await embedded.stop();
    expect(isProcessAlive(pid)).toBe(false);
    expect(existsSync(join(homeOf(folder), "data", "postmaster.pid"))).toBe(false);
  });

  it("that exists and is empty, as mkdtemp makes it, is used", async () => {
    const folder = useDataFolder();
    mkdirSync(folder, { mode: 0o700 });
    const { db } = await useEmbedded(folder);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("with a name too long for a socket works", async () => {
    const folder = useDataFolder(join("long".repeat(20), "longer".repeat(20)));
    const { embedded, db, close } = await useEmbedded(folder);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
    await close();
    expect(existsSync(embedded.connection.host)).toBe(false);
  });

  it.runIf(AS_ROOT)(
    "under a 0700 home of root keeps its cluster where the server can go",
    async () => {
      const folder = useDataFolder();
      chmodSync(dirname(folder), 0o700);
      const { embedded, db, close } = await useEmbedded(folder);
      expect(embedded.folder).toMatch(/^\/var\/lib\/newday\/clusters\//);
      expect(embedded.notes.join()).toContain(`not in ${folder}`);
      await db.query("create table kept (one int)");
      await close();
      const again = await useEmbedded(folder);
      expect(again.embedded.folder).toBe(embedded.folder);
      expect(await again.db.query("select * from kept")).toEqual([]);
    },
  );
});

describe("refused without a change", () => {
  it("a folder with files of another program", async () => {
    const folder = useDataFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "thesis.txt"), "mine");
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      code: "data_folder_foreign",
      text: { zh: expect.stringContaining("不是 New Day 的数据目录（其中有 thesis.txt）") },
    });
    expect(readdirSync(folder)).toEqual(["thesis.txt"]);
  });

  it.each(["", "{", undefined])("a database whose marker is %j, with a remedy", async (text) => {
    const folder = useDataFolder();
    mkdirSync(join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "data", "PG_VERSION"), "18\n");
    if (text !== undefined) writeFileSync(join(folder, "newday.json"), text);
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      code: "data_folder_unusable",
      remedy: { en: expect.stringContaining('"postgresMajor":18') },
    });
    rmSync(join(folder, "newday.json"), { force: true }); // the clean-up reads it
  });

  it.runIf(AS_ROOT)("a folder on a volume that was mounted read-only", async () => {
    const folder = useDataFolder();
    await (await useEmbedded(folder)).close();
    const bind = (...options: string[]) => spawnSync("mount", [...options, folder]).status;
    expect([bind("--bind", folder), bind("-o", "remount,ro,bind")]).toEqual([0, 0]);
    onTestFinished(() => void spawnSync("umount", [folder]));
    await expect(openEmbedded(folder)).rejects.toMatchObject({ code: "data_folder_unusable" });
  });

  it("a folder of a newer PostgreSQL, by its marker and by its cluster", async () => {
    const folder = useDataFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "newday.json"), '{"format":1,"postgresMajor":19}');
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      code: "data_folder_newer",
      message: expect.stringContaining("PostgreSQL 19"),
    });
    writeFileSync(join(folder, "newday.json"), '{"format":1,"postgresMajor":18}');
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data", "PG_VERSION"), "19\n");
    await expect(openEmbedded(folder)).rejects.toMatchObject({ code: "data_folder_newer" });
  });

  it("a folder in the format of a newer New Day", async () => {
    const folder = useDataFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "newday.json"), '{"format":2,"postgresMajor":18}');
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      code: "data_folder_newer",
      text: { zh: expect.stringContaining("由其他版本创建（数据目录格式 2）") },
    });
    expect(readdirSync(folder)).toEqual(["newday.json"]);
  });

  it("a folder whose cluster is gone: losing money silently is worse than not starting", async () => {
    const folder = useDataFolder();
    mkdirSync(folder);
    const marker = { format: 1, postgresMajor: 18, cluster: join(folder, "gone") };
    writeFileSync(join(folder, "newday.json"), JSON.stringify(marker));
    await expect(openEmbedded(folder)).rejects.toMatchObject({ code: "data_folder_unusable" });
  });

  it("a name that is a file", async () => {
    const folder = useDataFolder();
    writeFileSync(folder, "a file");
    await expect(openEmbedded(folder)).rejects.toMatchObject({ code: "data_folder_unusable" });
    expect(readFileSync(folder, "utf8")).toBe("a file");
  });
});

describe("what a crash left behind", () => {
  it("a first start that was killed in initdb is done again and tidied up", async () => {
    const folder = useDataFolder();
    mkdirSync(join(folder, "data.init-AbCdEf"), { recursive: true });
    writeFileSync(join(folder, "data.init-AbCdEf", "PG_VERSION"), "18\n");
    writeFileSync(join(folder, "newday.json"), '{"format":1,"postgresMajor":18}');
    const { db } = await useEmbedded(folder);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
    expect(readdirSync(folder).filter((name) => name.startsWith("data.init-"))).toEqual([]);
  });

  it("a postmaster.pid whose number now belongs to another process does not stop the start", async () => {
    const folder = useDataFolder();
    const first = await openEmbedded(folder);
    const file = join(homeOf(folder), "data", "postmaster.pid");
    const content = readFileSync(file, "utf8");
    await first.stop();
    writeFileSync(file, content.replace(/^\d+/, String(process.pid)));
    const { embedded, db } = await useEmbedded(folder);
    expect(embedded.tookOver).toBe(false);
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });
});

describe("while we run", () => {
  it("a killed server is started again, and what it acknowledged is there", async () => {
    const folder = useDataFolder();
    const reports: string[] = [];
    const lost: unknown[] = [];
    const back = deferred();
    const { db } = await useEmbedded(folder, {
      report: (line) => {
        reports.push(line);
        if (line.endsWith("is back")) back.resolve(undefined);
      },
      lost: (error) => lost.push(error),
    });
    await db.query("create table acknowledged (number bigint)");
    await db.query("insert into acknowledged select generate_series(1, 1000)");
    const pid = postmasterPid(folder);
    process.kill(pid, "SIGKILL");
    await back.promise;
    expect(postmasterPid(folder)).not.toBe(pid);
    expect(await db.query("select count(*) from acknowledged")).toEqual([{ count: 1000n }]);
    expect(lost).toEqual([]);
  });

  it("the lease stays taken until its server has ended", async () => {
    const folder = useDataFolder();
    const { embedded, db } = await useEmbedded(folder);
    const pid = postmasterPid(folder);
    const watcher = await db.connect("watcher");
    process.kill(pid, "SIGSTOP");
    onTestFinished(() => signalProcess(pid, "SIGCONT"));
    await expect.poll(() => statusOf(pid, "State")).toMatch(/^T/);
    const stopped = embedded.stop();
    await expect.poll(() => isToldToStop(pid)).toBe(true);
    const leases = await watcher.query(
      "select from pg_locks where locktype = 'advisory' and granted",
    );
    expect(leases).toHaveLength(1);
    process.kill(pid, "SIGCONT");
    await stopped;
    await watcher.close();
  });

  it("a crash of one session leaves us the owner", async () => {
    const folder = useDataFolder();
    const back = deferred();
    const { db } = await useEmbedded(folder, {
      report: (line) => line.endsWith("is back") && back.resolve(undefined),
    });
    const pid = postmasterPid(folder);
    const [session] = await db.query<{ pid: number }>("select pg_backend_pid() as pid");
    process.kill(session?.pid ?? 0, "SIGKILL");
    await back.promise;
    expect(postmasterPid(folder)).toBe(pid);
    await expect(openEmbedded(folder)).rejects.toMatchObject({
      code: "data_folder_in_use",
      details: { pid: process.pid },
    });
  });
});

/** Whether SIGINT, number 2, waits for a process that is halted. */
function isToldToStop(pid: number): boolean {
  return (BigInt(`0x${statusOf(pid, "ShdPnd")}`) & 0b10n) !== 0n;
}

function statusOf(pid: number, name: string): string {
  const status = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
  return (
    status
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? ""
  );
}

interface Deferred {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
}

function deferred(): Deferred {
  let resolve: Deferred["resolve"] = () => undefined;
  const promise = new Promise<unknown>((done) => (resolve = done));
  onTestFinished(() => resolve(undefined));
  return { promise, resolve };
}
