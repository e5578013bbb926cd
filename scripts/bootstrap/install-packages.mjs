import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT, say } from "./repository.mjs";

/** Runs `npm ci` unless node_modules matches the lockfile. */
export function installPackages() {
  if (isInstalled()) return;
  say("installing packages (npm ci), once ...");
  const started = Date.now();
  // --include=dev: the build needs its tools even where NODE_ENV=production would leave them out.
  const { status } = npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (status !== 0) throw new Error("npm ci failed; its reason is above");
  say(`installed packages in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** The npm that called us, or the one on the path. Its output goes to stderr. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const [command, first] =
    cli && basename(cli) === "npm-cli.js" ? [process.execPath, [cli]] : ["npm", []];
  return spawnSync(command, [...first, ...args], { cwd: ROOT, stdio: ["ignore", 2, 2] });
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

function readLock(name) {
  const path = join(ROOT, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined;
}
