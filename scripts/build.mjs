// Bundles the server and the CLI into server/dist: Node 20 cannot run TypeScript by itself, and one
// file starts several times faster than hundreds, which the 3 s budget of a second start needs.
import { build } from "esbuild";

await build({
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
