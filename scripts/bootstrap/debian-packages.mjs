import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { say } from "./repository.mjs";

/** Programs of the tests outside npm: the file that shows each, and its Debian package. */
const NEEDED = [
  { file: "/usr/lib/postgresql/15/bin/postgres", name: "postgresql-15" },
  { file: "/usr/lib/postgresql/15/bin/pg_dump", name: "postgresql-client-15" },
  { file: "/usr/sbin/pgbouncer", name: "pgbouncer" },
  { file: "/usr/bin/chromium", name: "chromium" },
  { file: "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", name: "fonts-wqy-microhei" },
];
/** Keeps services of these packages stopped: invoke-rc.d starts none in runlevel 1. */
const ENVIRONMENT = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"];
/** Keeps Debian from starting a server on port 5432; the tests start their own. */
const NO_MAIN_CLUSTER = "/etc/postgresql-common/createcluster.d";
const APT_OPTIONS = ["-y", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];

/** Installs missing Debian packages; on failure throws with the command to run. */
export function installDebianPackages() {
  const missing = NEEDED.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (!succeeds("apt-get", ["--version"]))
    throw new Error(`the tests need ${missing.join(", ")}; on Debian 12: ${command}`);
  const prefix = privilege();
  if (!prefix) throw new Error(`the tests need packages; run as root: ${command}`);
  say(`installing from Debian's packages, once: ${missing.join(" ")}`);
  run(prefix, ["apt-get", "update", ...APT_OPTIONS]);
  refuseUnknown(missing);
  if (process.getuid?.() === 0) forbidMainCluster();
  run(prefix, ["apt-get", "install", "--no-install-recommends", ...APT_OPTIONS, ...missing]);
}

/** The command that becomes root without a prompt, or undefined. */
function privilege() {
  if (process.getuid?.() === 0) return [];
  return succeeds("sudo", ["-n", "true"]) ? ["sudo", "-n"] : undefined;
}

function refuseUnknown(names) {
  const unknown = names.filter((name) => !succeeds("apt-cache", ["show", name]));
  if (unknown.length === 0) return;
  throw new Error(
    `this system offers no ${unknown.join(", ")}. The tests are made for Debian 12, whose PostgreSQL ` +
      "is 15; elsewhere add PostgreSQL's own repository (https://wiki.postgresql.org/wiki/Apt), " +
      "run `apt-get install postgresql-15`, and try again.",
  );
}

function forbidMainCluster() {
  if (existsSync("/etc/postgresql-common/createcluster.conf")) return;
  mkdirSync(NO_MAIN_CLUSTER, { recursive: true });
  writeFileSync(`${NO_MAIN_CLUSTER}/newday-tests.conf`, "create_main_cluster = false\n");
}

function run(prefix, args) {
  const [command, ...rest] = [...prefix, ...ENVIRONMENT, ...args];
  const { status } = spawnSync(command, rest, { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`failed: ${args.join(" ")}`);
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
