// Runs a TypeScript program of this repository (`node scripts/run-typescript.mjs bench/posting.ts ...`),
// which Node 20 needs help for. The bundle lies beside the sources so that packages resolve.
import { mkdirSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error("usage: node scripts/run-typescript.mjs <file.ts> [arguments]");
  process.exit(2);
}
const folder = "server/dist/programs";
mkdirSync(folder, { recursive: true });
const outfile = `${folder}/${basename(entry, ".ts")}.mjs`;
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  sourcemap: true,
  logLevel: "warning",
});
process.argv = [process.argv[0], outfile, ...rest];
await import(pathToFileURL(outfile).href);
