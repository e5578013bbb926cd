/** Every line that is written from now on, once and whole, whatever happens to the file. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { clusterOwner } from "../../src/db/cluster.ts";
import { openLogTail, type LogTail } from "../../src/repair/aftercare/log-tail.ts";
import { useFolder } from "./legacy.ts";

/** Root may read everything: what this says of files that are closed is said as somebody else. */
async function withoutRights(work: () => Promise<void>): Promise<void> {
  const owner = clusterOwner();
  if (owner) process.seteuid?.(owner.uid);
  try {
    await work();
  } finally {
    if (owner) process.seteuid?.(0);
  }
}

function useLog(): string {
  return join(useFolder(), "server.log");
}

async function useTail(path: string): Promise<LogTail> {
  const tail = await openLogTail(path);
  onTestFinished(() => tail.close());
  return tail;
}

it("begins at the present end, and leaves out the line that was half written then", async () => {
  const log = useLog();
  writeFileSync(log, "old\nhalf of ");
  const tail = await useTail(log);
  expect((await tail.read()).lines).toEqual([]);
  appendFileSync(log, "an old line\nnew\n");
  expect((await tail.read()).lines).toEqual(["new"]);
});

it("keeps a line that was cut, even inside a letter, until its rest is there", async () => {
  const log = useLog();
  writeFileSync(log, "");
  const tail = await useTail(log);
  const bytes = Buffer.from("插入或更新表\n");
  appendFileSync(log, bytes.subarray(0, 4));
  expect(await tail.read()).toMatchObject({ lines: [], bytes: 4 });
  appendFileSync(log, bytes.subarray(4));
  expect((await tail.read()).lines).toEqual(["插入或更新表"]);
});

it("reads a renamed file to its end before the new one, and each line once", async () => {
  const log = useLog();
  writeFileSync(log, "");
  const tail = await useTail(log);
  appendFileSync(log, "1\n");
  await tail.read();
  appendFileSync(log, "2\nlast without an end");
  renameSync(log, `${log}.1`);
  writeFileSync(log, "3\n");
  expect((await tail.read()).lines).toEqual(["2", "last without an end", "3"]);
  expect((await tail.read()).lines).toEqual([]);
});

it("begins anew in a file that was copied and emptied, also when it has grown again", async () => {
  const log = useLog();
  writeFileSync(log, "before\n");
  const tail = await useTail(log);
  appendFileSync(log, "1\n");
  await tail.read();
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
  appendFileSync(log, "2\n");
  expect((await tail.read()).lines).toEqual(["2"]);
  truncateSync(log);
  appendFileSync(log, "longer than what stood there before\n");
  expect((await tail.read()).lines).toEqual(["longer than what stood there before"]);
});

it("reads a file that comes later from its beginning, and says while it is not there", async () => {
  const log = useLog();
  const tail = await useTail(log);
  expect((await tail.read()).state).toBe("absent");
  writeFileSync(log, "first\n");
  expect(await tail.read()).toMatchObject({ state: "followed", lines: ["first"] });
  unlinkSync(log);
  expect((await tail.read()).state).toBe("absent");
});

it("says that a log became unreadable, and goes on when it is mended", async () => {
  const log = useLog();
  writeFileSync(log, "");
  const tail = await useTail(log);
  unlinkSync(log);
  mkdirSync(log);
  expect(await tail.read()).toMatchObject({ state: "unreadable" });
  renameSync(log, `${log}.folder`);
  writeFileSync(log, "back\n");
  expect(await tail.read()).toMatchObject({ state: "followed", lines: ["back"] });
});

it("says that the new file of a rotation cannot be opened, as often as it is asked, and goes on when it can", async () => {
  const log = useLog();
  writeFileSync(log, "");
  const tail = await useTail(log);
  renameSync(log, `${log}.1`);
  writeFileSync(log, "back\n", { mode: 0o000 });
  chmodSync(dirname(log), 0o755);
  await withoutRights(async () => {
    for (const _ of ["first", "again"])
      expect(await tail.read()).toMatchObject({ state: "unreadable", reason: "EACCES" });
  });
  chmodSync(log, 0o600);
  expect(await tail.read()).toMatchObject({ state: "followed", lines: ["back"] });
});

it("refuses what is no readable file, naming the option and the way out", async () => {
  const folder = useFolder();
  const loop = join(folder, "loop");
  symlinkSync(loop, loop);
  for (const path of [folder, loop])
    await expect(openLogTail(path)).rejects.toMatchObject({
      code: "repair_usage",
      details: { option: "--server-log" },
      message: expect.stringContaining("regular file that this user may read") as string,
    });
});

it("passes over a line that is too long to be an error, and reads the next", async () => {
  const log = useLog();
  writeFileSync(log, "");
  const tail = await useTail(log);
  appendFileSync(log, "x".repeat(3 << 20));
  await tail.read();
  appendFileSync(log, "the end of it\nnext\n");
  expect((await tail.read()).lines).toEqual(["next"]);
});

it("hands over the same lines wherever the writes and the reads cut them", async () => {
  const folder = useFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-c外键"]{0,8}$/), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
      async (written, steps) => {
        const log = join(folder, `log-${run++}`);
        writeFileSync(log, "");
        const tail = await openLogTail(log);
        const read: string[] = [];
        const bytes = Buffer.from(written.map((line) => `${line}\n`).join(""));
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const step = steps[turn % steps.length] ?? 1;
          appendFileSync(log, bytes.subarray(at, at + step));
          at += step;
          read.push(...(await tail.read()).lines);
        }
        await tail.close();
        expect(read).toEqual(written);
      },
    ),
    { numRuns: 100 },
  );
});
