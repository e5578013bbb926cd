/** The built server and the built commands, as processes of their own with an environment of their own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { environment, spawnServer, type ServerProcess, type Settings } from "./spawn-server.ts";
import { onTestFinished } from "./test-end.ts";

const CLI = fileURLToPath(new URL("../../bin/newday.mjs", import.meta.url));

/** The first command may have to build, and says so on stderr; call it before all tests. */
export function buildOnce(): void {
  newday(["--version"], {});
}

/** Runs a command to its end. */
export function newday(args: readonly string[], settings: Settings) {
  return spawnSync(process.execPath, [CLI, ...args], {
    encoding: "utf8",
    env: environment(settings),
  });
}

/** As `newday`, while this process goes on. */
export async function newdayBeside(args: readonly string[], settings: Settings) {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(settings),
  });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { status: status as number | null, stdout, stderr };
}

/** Starts a server on a port that the system chooses; ended with the test. */
export function startServer(settings: Settings): ServerProcess {
  const server = spawnServer(settings);
  onTestFinished(async () => {
    server.child.kill("SIGTERM");
    await server.exited;
  });
  return server;
}
