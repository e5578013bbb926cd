import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ROOT, say, timed } from "./repository.mjs";

/** The inputs of the build. */
const SOURCES = [
  "server/src",
  "sdk/src",
  "console",
  "integration",
  "scripts/build.mjs",
  "package-lock.json",
];
const NOT_SOURCES = new Set(["node_modules", "dist", "test"]);
const BUILD = join(ROOT, "server/dist");
const STAMP = join(BUILD, ".built-from");

/** Builds unless the last build was made from exactly the present files. */
export async function buildWhenStale() {
  if (isBuilt()) return;
  requireWritable();
  await timed("building", async () => {
    const { buildAll } = await import("../build.mjs");
    await buildAll();
  });
  writeStamp();
}

/**
 * Whether the build is of the present files: by their times, and by their contents when an image, an
 * archive or a copy has changed the times. An image without sources has nothing to build from.
 */
export function isBuilt() {
  if (!existsSync(STAMP)) return false;
  if (!existsSync(join(ROOT, "server/src"))) return true;
  const [times, contents] = readFileSync(STAMP, "utf8").split("\n");
  if (times === timesOfSources()) return true;
  if (contents !== contentsOfSources()) return false;
  refreshStamp();
  return true;
}

/** esbuild tells each file that it cannot write, and the reason drowns. */
function requireWritable() {
  const place = existsSync(BUILD) ? BUILD : join(ROOT, "server");
  try {
    accessSync(place, constants.W_OK);
  } catch (error) {
    say(
      `the build in server/dist is older than the sources and this user may not renew it (${error.code}). ` +
        "Run `npm run build` as the owner of the checkout.",
    );
    process.exit(1);
  }
}

function writeStamp() {
  writeFileSync(STAMP, `${timesOfSources()}\n${contentsOfSources()}\n`);
}

/** The next start is faster with it; a read-only image does without. */
function refreshStamp() {
  try {
    writeStamp();
  } catch (error) {
    if (!["EROFS", "EACCES", "EPERM"].includes(error.code)) throw error;
  }
}

/** Names, sizes and times: reading every file would cost more than the rest of the start. */
function timesOfSources() {
  return hashOf((_, { size, mtimeMs }) => `${size}\0${mtimeMs}`);
}

function contentsOfSources() {
  return hashOf((path) => readFileSync(path));
}

/** `describe` gets the path and the state of each file. Names are relative: a copy has the same. */
function hashOf(describe) {
  const hash = createHash("sha256");
  const add = (name) => {
    const path = join(ROOT, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const entry of readdirSync(path).sort())
        if (!NOT_SOURCES.has(entry)) add(join(name, entry));
    } else if (stat) hash.update(`${name}\0`).update(describe(path, stat)).update("\0");
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}
