import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { useLegacyDatabase } from "../repair/legacy.ts";
import { buildOnce } from "../support/server-process.ts";

beforeAll(buildOnce);

const APPLY = /^ {2}(.*repair apply .*)$/m;

/** Runs a line as a person's shell would, with a path that npm did not lengthen. */
function shell(line: string, folder: string, path: string) {
  const env = { HOME: folder, LANG: "C.UTF-8", PATH: path };
  return spawnSync("sh", ["-c", line], { cwd: process.cwd(), encoding: "utf8", env });
}

it("S4: the apply line runs as the plan printed it, in a checkout and where newday is installed", async () => {
  const { url } = await useLegacyDatabase();
  const folder = mkdtempSync(join(tmpdir(), "newday-line-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const system = [join(process.execPath, ".."), "/usr/bin", "/bin"].join(":");
  symlinkSync(join(process.cwd(), "server/bin/newday.mjs"), join(folder, "newday"));
  const ways = [
    ["node server/bin/newday.mjs", system],
    ["npm run newday --", system],
    ["newday", `${folder}:${system}`],
  ] as const;
  for (const [at, [words, path]] of ways.entries()) {
    const planned = shell(
      `${words} repair plan --environment test --database-url '${url}' --out '${folder}/plan-${at}.json'`,
      folder,
      path,
    );
    const line = APPLY.exec(planned.stdout)?.[1] ?? planned.stderr;
    expect(line).toMatch(new RegExp(`^${words} repair apply `));
    // The wrong database is refused after the command was found and has read its arguments.
    const refused = shell(`${line} --confirm-database other`, folder, path);
    expect([words, refused.status, refused.stderr]).toEqual([
      words,
      3,
      expect.stringContaining("database"),
    ]);
  }
});

/** A command that a person in a checkout cannot type. */
const BARE = /\bnewday (adopt|audit|currency|doctor|exchange-pair|items|key|repair|roles)\b(?!:)/;

it.each(["en", "zh"])(
  "S4: what a command of a checkout prints in %s can be typed there",
  async (language) => {
    const { url } = await useLegacyDatabase();
    const folder = mkdtempSync(join(tmpdir(), "newday-typed-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const system = [join(process.execPath, ".."), "/usr/bin", "/bin"].join(":");
    const run = (words: string, settings: NodeJS.ProcessEnv = {}) =>
      spawnSync("sh", ["-c", `node server/bin/newday.mjs ${words} --lang ${language}`], {
        encoding: "utf8",
        env: {
          HOME: folder,
          PATH: system,
          DATABASE_URL: url,
          NEWDAY_DATA_DIR: folder,
          ...settings,
        },
      });
    for (const words of [
      "repair apply",
      `repair plan --out ${folder}/plan.json`,
      "repair smoke",
      "repair rollback --plan",
      "repair explain nope",
      "repair apply --plan missing.json",
      "repair watch",
      "adopt --dry-run",
      "adopt",
      "audit",
      "key list",
      "roles",
      "doctor --base-url http://127.0.0.1:9",
    ]) {
      const { stdout, stderr } = run(words);
      expect([words, BARE.exec(stdout + stderr)?.[0]]).toEqual([words, undefined]);
    }
    expect(run("repair apply").stderr).toContain("node server/bin/newday.mjs repair plan");
    expect(run("repair apply", { npm_lifecycle_event: "npx" }).stderr).toContain(
      "npx newday repair",
    );
  },
);
