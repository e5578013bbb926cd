import { existsSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { openEmbedded } from "../../src/db/embedded/open-embedded.ts";
import {
  buildOwnerProcess,
  postmasterPid,
  startOwner,
  useDataFolder,
  useEmbedded,
  type OwnerProcess,
} from "./support.ts";

beforeAll(buildOwnerProcess);

async function highestAcknowledged(owner: OwnerProcess): Promise<number> {
  await owner.exited;
  return owner.lines.findLast((line) => line.number !== undefined)?.number ?? 0;
}

async function highestStored(folder: string): Promise<{ highest: bigint; tookOver: boolean }> {
  const { embedded, db } = await useEmbedded(folder);
  const [row] = await db.query<{ highest: bigint }>(
    "select coalesce(max(number), 0) as highest from acknowledged",
  );
  return { highest: row?.highest ?? -1n, tookOver: embedded.tookOver };
}

it("a server whose owner was killed -9 is taken over, with every acknowledged row", async () => {
  const folder = useDataFolder();
  const owner = startOwner(folder, 1_000_000);
  await owner.line((line) => (line.number ?? 0) >= 100);
  const pid = postmasterPid(folder);
  owner.child.kill("SIGKILL");
  const acknowledged = await highestAcknowledged(owner);
  const { highest, tookOver } = await highestStored(folder);
  expect(tookOver).toBe(true);
  expect(postmasterPid(folder)).toBe(pid);
  expect(Number(highest)).toBeGreaterThanOrEqual(acknowledged);
});

it("every acknowledged row survives kill -9 of the owner and of PostgreSQL at once", async () => {
  const folder = useDataFolder();
  const owner = startOwner(folder, 1_000_000);
  await owner.line((line) => (line.number ?? 0) >= 100);
  process.kill(postmasterPid(folder), "SIGKILL");
  owner.child.kill("SIGKILL");
  const acknowledged = await highestAcknowledged(owner);
  const { highest, tookOver } = await highestStored(folder);
  expect(tookOver).toBe(false);
  expect(Number(highest)).toBeGreaterThanOrEqual(acknowledged);
});

it("a second process is refused and told who has the folder", async () => {
  const folder = useDataFolder();
  const owner = startOwner(folder);
  await owner.line((line) => line.ready === true);
  await expect(openEmbedded(folder)).rejects.toMatchObject({
    code: "data_folder_in_use",
    message: expect.stringContaining(`New Day process ${owner.child.pid}`),
  });
});

it("a server waits for a command that has the folder, says so, and then owns it", async () => {
  const folder = useDataFolder();
  await (await openEmbedded(folder)).stop();
  const { embedded: command } = await useEmbedded(folder, { role: "command" });
  const owner = startOwner(folder);
  const { report } = await owner.line((line) => line.report !== undefined);
  expect(report).toBe(
    `waiting for the newday command that has the data folder (process ${process.pid})`,
  );
  await command.stop();
  expect(await owner.line((line) => line.ready === true)).toMatchObject({ tookOver: false });
});

it("of four processes that start at once on a new folder, exactly one serves", async () => {
  const folder = useDataFolder();
  const owners = Array.from({ length: 4 }, () => startOwner(folder));
  const lines = await Promise.all(
    owners.map((owner) => owner.line((line) => (line.ready ?? line.code) !== undefined)),
  );
  expect(lines.filter((line) => line.ready)).toHaveLength(1);
  expect(lines.filter((line) => line.code === "data_folder_in_use")).toHaveLength(3);
});

it("of four processes that start at once on an orphan, exactly one takes it over", async () => {
  const folder = useDataFolder();
  const first = startOwner(folder);
  await first.line((line) => line.ready === true);
  first.child.kill("SIGKILL");
  await first.exited;
  const owners = Array.from({ length: 4 }, () => startOwner(folder));
  const lines = await Promise.all(
    owners.map((owner) => owner.line((line) => (line.ready ?? line.code) !== undefined)),
  );
  expect(lines.filter((line) => line.tookOver)).toHaveLength(1);
  expect(lines.filter((line) => line.code === "data_folder_in_use")).toHaveLength(3);
});

it("a first start killed -9 in the middle of initdb is completed by the next", async () => {
  const folder = useDataFolder();
  const owner = startOwner(folder);
  const inInitdb = () =>
    existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("data.init-"));
  while (!inInitdb()) await sleep(5);
  owner.child.kill("SIGKILL");
  await owner.exited;
  const { db } = await useEmbedded(folder);
  expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  expect(inInitdb()).toBe(false);
});

it("SIGTERM ends the owner and its server, and the next start is an ordinary one", async () => {
  const folder = useDataFolder();
  const owner = startOwner(folder);
  await owner.line((line) => line.ready === true);
  owner.child.kill("SIGTERM");
  await owner.exited;
  const { embedded } = await useEmbedded(folder);
  expect(embedded.tookOver).toBe(false);
});
