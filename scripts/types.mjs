// Type-checks every workspace: one project for all that runs on Node, one for the browser console.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
const projects = ["tsconfig.json", "integration/tsconfig.json", "console/tsconfig.json"].filter(
  (project) => existsSync(project),
);
for (const project of projects) {
  const { status } = spawnSync(process.execPath, [tsc, "--noEmit", "-p", project], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
