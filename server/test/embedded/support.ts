/** Data folders and owner processes for the tests of the embedded database. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { onTestFinished } from "../support/test-end.ts";
import { isProcessAlive, readPostmaster, stopServer } from "../../src/db/cluster.ts";
import { openEmbedded, type EmbeddedDatabase } from "../../src/db/embedded/open-embedded.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import type { Database } from "../../src/db/database.ts";

/** Inside the checkout, so that the bundle finds its packages. */
const BUNDLE = resolve("node_modules/.cache/newday/owner-process.mjs");

/** Runs a command in namespaces of its own: nothing of ours is visible but the files. */
export const CONTAINER = [
  "unshare",
  "--mount",
  "--pid",
  "--fork",
  "--ipc",
  "--net",
  "--uts",
  "--mount-proc",
  "--kill-child",
];

export interface Line {
  readonly ready?: boolean;
  readonly tookOver?: boolean;
  readonly number?: number;
  readonly report?: string;
  readonly code?: string;
  readonly message?: string;
  readonly crash?: string;
}

export interface OwnerProcess {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  /** Resolves with the first line, past or future, that satisfies `wanted`. */
  line(wanted: (line: Line) => boolean): Promise<Line>;
  readonly exited: Promise<void>;
}

export async function buildOwnerProcess(): Promise<void> {
  await build({
    entryPoints: ["server/test/embedded/owner-process.ts"],
    outfile: BUNDLE,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
}

/** A new folder name; its content is stopped and removed at the end. */
export function useDataFolder(name = "data"): string {
  const parent = mkdtempSync(join(tmpdir(), "nd-"));
  chmodSync(parent, 0o711); // mkdtemp gives 0700, and the server of a root process runs as another user
  const folder = join(parent, name);
  onTestFinished(async () => {
    const home = homeOf(folder);
    const server = readPostmaster(join(home, "data"));
    if (server && isProcessAlive(server.pid)) await stopServer(server.pid);
    rmSync(parent, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });
  return folder;
}

/** The cluster's place according to the marker. */
export function homeOf(folder: string): string {
  const marker = join(folder, "newday.json");
  if (!existsSync(marker)) return folder;
  const { cluster } = JSON.parse(readFileSync(marker, "utf8")) as { cluster?: string };
  return cluster ?? folder;
}

export function postmasterPid(folder: string): number {
  const pid = readPostmaster(join(homeOf(folder), "data"))?.pid;
  if (pid === undefined) throw new Error(`no server runs in ${folder}`);
  return pid;
}

export async function useEmbedded(
  folder: string,
  events: Parameters<typeof openEmbedded>[1] = {},
): Promise<{ embedded: EmbeddedDatabase; db: Database; close: () => Promise<void> }> {
  const embedded = await openEmbedded(folder, events);
  const db = openDatabase({
    connection: embedded.connection,
    applicationName: "embedded-test",
    poolSize: 2,
    connectTimeoutMs: 60_000,
    statementTimeoutMs: 60_000,
  });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= db.close().then(() => embedded.stop()));
  onTestFinished(close);
  return { embedded, db, close };
}

/** `wrapper`: a command that runs the owner somewhere else, such as in namespaces of its own. */
export function startOwner(
  folder: string,
  rows = 0,
  wrapper: readonly string[] = [],
): OwnerProcess {
  const own = [process.execPath, BUNDLE, folder, String(rows)] as const;
  const [command, ...args] = [...wrapper, ...own];
  const child = spawn(command ?? process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  const exited = new Promise<void>((gone) => child.on("close", () => gone()));
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text) as Line);
    for (const listener of listeners) listener();
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    child,
    lines,
    line: (wanted) =>
      new Promise((found, failed) => {
        const look = () => {
          const line = lines.find(wanted);
          if (line) found(line);
        };
        listeners.add(look);
        look();
        void exited.then(() => failed(new Error(`it ended after ${JSON.stringify(lines)}`)));
      }),
    exited,
  };
}
