// Bundles the server and the CLI into server/dist: Node 20 cannot run TypeScript by itself, and one
// file starts several times faster than hundreds, which the 3 s budget of a second start needs.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export async function buildAll() {
  await buildServer();
  writeFileSync(resolve(ROOT, "server/dist/build-id"), `${commit()}\n`);
}

async function buildServer() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: { main: "server/src/main.ts", cli: "server/src/cli/main.ts" },
    outdir: "server/dist",
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
}

/** So that a running server says which build it is; a copy without git says so too. */
function commit() {
  const git = (...args) => spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head.status !== 0) return "no-git";
  const changed = git("status", "--porcelain", "--untracked-files=no").stdout !== "";
  return head.stdout.trim() + (changed ? "-changed" : "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
