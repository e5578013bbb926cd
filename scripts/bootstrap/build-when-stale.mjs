import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, timed } from "./repository.mjs";

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
const STAMP = join(ROOT, "server/dist/.built-from");

/** Builds unless the last build was made from exactly the present files. */
export async function buildWhenStale() {
  const state = sourceState();
  const built = existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  if (built === state) return;
  await timed("building", async () => {
    const { buildAll } = await import("../build.mjs");
    await buildAll();
  });
  writeFileSync(STAMP, state);
}

/** Names, sizes and times: reading every file would cost more than the rest of the start. */
function sourceState() {
  const hash = createHash("sha256");
  for (const source of SOURCES) addTo(hash, join(ROOT, source));
  return hash.digest("hex");
}

function addTo(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(path).sort())
      if (!NOT_SOURCES.has(name)) addTo(hash, join(path, name));
  } else if (stat) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\0`);
}
