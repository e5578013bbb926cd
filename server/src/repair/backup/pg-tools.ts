/**
 * Finds pg_dump and pg_restore of the right version, and hands them a connection.
 *
 * The major version must be the server's: an older pg_dump refuses, a newer one writes settings
 * that the server rejects. Secrets travel in a password file of this user, because every user of
 * the machine can read argument lists.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  libpqVariables,
  readConnectionParameters,
  trustedAuthorities,
} from "../../db/connection-parameters.ts";
import { refusal } from "../../errors/refusals.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import { NONE } from "../../lib/messages.ts";

/** Where Debian and the PostgreSQL project's own packages put each version. */
const VERSIONED_ROOTS = ["/usr/lib/postgresql", "/usr/local/pgsql", "/opt/postgresql"];
/** Limit for a tool's output. */
const OUTPUT_LIMIT = 4_000;

export type PgTool = "pg_dump" | "pg_restore" | "postgres" | "initdb";

export interface FoundTool {
  readonly path: string;
  readonly major: number;
  readonly version: string;
}

/** The tool of exactly this major version, or undefined. `binDir` is searched first. */
export function findTool(tool: PgTool, major: number, binDir?: string): FoundTool | undefined {
  return candidates(tool, binDir).find((candidate) => candidate.major === major);
}

/** Every version of the tool on this machine. */
export function candidates(tool: PgTool, binDir?: string): FoundTool[] {
  const folders = [
    ...(binDir ? [binDir] : []),
    ...VERSIONED_ROOTS.filter(existsSync).flatMap((root) =>
      readdirSync(root).map((version) => join(root, version, "bin")),
    ),
    ...(process.env["PATH"] ?? "").split(delimiter),
  ];
  const paths = [...new Set(folders.filter(Boolean).map((folder) => join(folder, tool)))];
  return paths.filter(existsSync).flatMap(versionOf);
}

function versionOf(path: string): FoundTool[] {
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  const version = /(\d+)(?:\.\d+)*/.exec(stdout ?? "");
  return version ? [{ path, version: version[0], major: Number(version[1]) }] : [];
}

/** The tool of the server's version. Throws `repair_refused` that says what to install. */
export function requireTool(tool: PgTool, major: number, binDir?: string): FoundTool {
  const found = findTool(tool, major, binDir);
  if (found) return found;
  const others = candidates(tool, binDir).map(({ path, version }) => `${path} (${version})`);
  throw refusal(
    "dump_tool_missing",
    { tool, major, found: others.join(", ") || NONE },
    { details: { tool, major, found: others } },
  );
}

/** Environment for a child that connects to `target`; writes its secret files into `folder`. */
export function childEnvironment(target: ConnectionTarget, folder: string): Record<string, string> {
  const base = { PATH: process.env["PATH"] ?? "", LC_ALL: "C", PGAPPNAME: "newday-repair backup" };
  if (typeof target !== "string") return { ...base, ...fromSocket(target) };
  const parameters = readConnectionParameters(target);
  const authorities = authoritiesFile(folder);
  const variables = libpqVariables(parameters, authorities);
  if (variables["PGSSLROOTCERT"] === authorities)
    writeFileSync(authorities, trustedAuthorities(), { mode: 0o600 });
  return { ...base, ...variables, ...passwordVariables(parameters.password, folder) };
}

function passwordVariables(password: string | undefined, folder: string): Record<string, string> {
  if (password === undefined) return inherited("HOME", "PGPASSFILE");
  // A password file holds one line each; only processes of this user can read the environment.
  if (/[\r\n]/.test(password)) return { PGPASSWORD: password };
  const file = passwordFile(folder);
  writeFileSync(file, `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`, {
    mode: 0o600,
  });
  return { PGPASSFILE: file };
}

/** Removes the files that `childEnvironment` wrote; the operator's own stay. */
export function deleteSecretFiles(folder: string): void {
  rmSync(passwordFile(folder), { force: true });
  rmSync(authoritiesFile(folder), { force: true });
}

function passwordFile(folder: string): string {
  return join(folder, `.pgpass-${process.pid}`);
}

function authoritiesFile(folder: string): string {
  return join(folder, `.authorities-${process.pid}.pem`);
}

function inherited(...names: readonly string[]): Record<string, string> {
  const given = names.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(given.filter((pair): pair is [string, string] => Boolean(pair[1])));
}

function fromSocket(target: Exclude<ConnectionTarget, string>): Record<string, string> {
  return {
    PGHOST: target.host,
    PGPORT: String(target.port),
    PGUSER: target.user,
    PGDATABASE: target.database,
  };
}

/** Runs a tool to its end. Rejects with the last output of a failed tool. */
export function runTool(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { env: environment, stdio: ["ignore", "ignore", "pipe"] });
    let words = "";
    child.stderr.on(
      "data",
      (chunk: Buffer) => (words = (words + String(chunk)).slice(-OUTPUT_LIMIT)),
    );
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0 ? resolve() : reject(new Error(words.trim() || `${path} ended with ${status}`)),
    );
  });
}
