/** Files that a command writes: refused in words before its work, whole or absent after it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createConnection } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { faultReasonOf } from "../../src/db/sql-state.ts";
import { toNewDayError } from "../../src/http/plugins/error-handler.ts";
import { isLostLine } from "../../src/repair/connection/connection.ts";
import {
  makePrivateFolder,
  requireWritableFile,
  writeOutput,
} from "../../src/repair/model/output-file.ts";
import { requirePlanPlace, writePlanFile } from "../../src/repair/plan/plan-file.ts";
import { CLI, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

function refusalOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return toNewDayError(error);
  }
  return undefined;
}

const refusedFor = (reason: string) =>
  expect.objectContaining({ details: expect.objectContaining({ reason }) });

it("F1: every output option is checked before the database is asked, and ends with 2", async () => {
  const missing = join(useFolder(), "missing", "file");
  const nowhere = ["--database-url", "postgres://absent@127.0.0.1:1/none"];
  const lines = [
    ["plan", "--out", missing],
    ["plan", "--markdown", missing],
    ["report", "--out", missing],
    ["drift", "--save", missing],
    ["targets", "--pin", "a", "--targets", missing],
  ];
  const runs = lines.map((line) => startNewday([...line, ...nowhere]));
  for (const [at, run] of runs.entries()) {
    expect([lines[at], await run.ended]).toEqual([lines[at], 2]);
    expect(run.output()).toContain("does not exist. Create it, or name another file.");
  }
});

it("F1: a missing file is no lost connection; a missing socket is one", async () => {
  const file = refusalOf(() => readFileSync("/nosuchdir/file"));
  expect(file).toMatchObject({ code: "internal" });
  expect(isLostLine((file as Error).cause)).toBe(false);
  expect(faultReasonOf((file as Error).cause)).toContain("file");
  const socket = await new Promise<Error>((resolve) => {
    createConnection("/nosuchdir/.s.PGSQL.5432").once("error", resolve);
  });
  expect(isLostLine(socket)).toBe(true);
});

it("F2: each wrong place of a file has its words", () => {
  const folder = useFolder();
  const file = join(folder, "file");
  writeFileSync(file, "");
  const places: [string, string][] = [
    [join(folder, "missing", "x"), "folder_missing"],
    [join(file, "x"), "file_of_wrong_kind"],
    [folder, "file_of_wrong_kind"],
    [join(folder, "x".repeat(300)), "file_name_invalid"],
  ];
  for (const [path, reason] of places)
    expect([
      path,
      refusalOf(() => requireWritableFile(path)) ?? refusalOf(() => writeOutput(path, "")),
    ]).toEqual([path, refusedFor(reason)]);
});

it("F2: a folder that cannot be made is refused at once, below a file and in /proc", () => {
  const folder = useFolder();
  writeFileSync(join(folder, "file"), "");
  expect(refusalOf(() => makePrivateFolder(join(folder, "file")))).toEqual(
    refusedFor("file_of_wrong_kind"),
  );
  expect(refusalOf(() => makePrivateFolder(join(folder, "file/a/b")))).toEqual(
    refusedFor("file_of_wrong_kind"),
  );
  expect(refusalOf(() => makePrivateFolder("/proc/newday"))).toEqual(refusedFor("folder_missing"));
  makePrivateFolder(join(folder, "a/b"));
  expect(existsSync(join(folder, "a/b"))).toBe(true);
});

it("F2: a full disk ends with words, and the file before it stays", () => {
  const folder = useFolder();
  const path = join(folder, "report.md");
  writeOutput(path, "before");
  expect(refusalOf(() => writeOutput("/dev/full", "text"))).toEqual(refusedFor("disk_full"));
  expect(readFileSync(path, "utf8")).toBe("before");
  writeOutput(path, "after");
  expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["after", ["report.md"]]);
});

/** A namespace of mounts of its own, where this machine allows one to this user. */
const NAMESPACE = ["unshare", process.getuid?.() === 0 ? "-m" : "-rm", "sh", "-ec"] as const;
const canMount =
  spawnSync(NAMESPACE[0], [...NAMESPACE.slice(1), "mount -t tmpfs none /mnt"]).status === 0;

it.runIf(canMount)(
  "writes into a file that is mounted by itself, or whose folder is read-only",
  async () => {
    const { url } = await useLegacyDatabase();
    const folder = useFolder();
    const save = `"$NODE" "$CLI" repair drift --database-url "$URL" --save`;
    const script = `
    mkdir kept closed; echo before > kept/mounted; echo before > open; touch closed/open
    mount --bind open kept/mounted
    ${save} kept/mounted
    mount --bind closed closed; mount --bind open closed/open; mount -o remount,ro,bind closed
    ${save} closed/open
    ls -A kept closed > names`;
    const [command, ...args] = NAMESPACE;
    const { status, stdout, stderr } = spawnSync(command, [...args, script], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NODE: process.execPath, CLI, URL: url },
    });
    expect([status, stdout, stderr]).toEqual([0, expect.any(String), ""]);
    expect(JSON.parse(readFileSync(join(folder, "open"), "utf8"))).toMatchObject({
      rows: expect.any(Array),
    });
    expect(readFileSync(join(folder, "names"), "utf8")).toBe("closed:\nopen\n\nkept:\nmounted\n");
  },
);

it("F6: a refused plan gives way to the next; one that may be applied stays", async () => {
  const { url } = await useLegacyDatabase();
  const plan = await planOf(url);
  const path = join(useFolder(), "plan.json");
  const refused = {
    ...plan,
    findings: [{ id: "B02", severity: "block", evidence: { en: "x", zh: "x" }, data: {} }],
  } as const;
  writePlanFile(path, refused);
  requirePlanPlace(path);
  writePlanFile(path, plan);
  expect(refusalOf(() => requirePlanPlace(path))).toEqual(refusedFor("plan_file_exists"));
  const empty = join(useFolder(), "mounted.json");
  writeFileSync(empty, "");
  requirePlanPlace(empty);
});
