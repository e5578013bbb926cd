/** The built server and the built commands, as processes of their own with an environment of their own. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "./test-end.ts";

const CLI = fileURLToPath(new URL("../../bin/newday.mjs", import.meta.url));
const SERVER = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

type Settings = Readonly<Record<string, string>>;

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Where it serves; rejects with what it said when it ended instead. */
  readonly base: Promise<string>;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

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
  const child = spawn(process.execPath, [SERVER], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment({ PORT: "0", ...settings }),
  });
  let said = "";
  const exited = new Promise<number | null>((ended) => child.once("close", ended));
  const base = new Promise<string>((serves, failed) => {
    const collect = (chunk: string) => {
      said += chunk;
      const [, port] = /http:\/\/localhost:(\d+)/.exec(said) ?? [];
      if (port) serves(`http://127.0.0.1:${port}`);
    };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", collect);
    void exited.then(() => failed(new Error(`the server ended: ${said}`)));
  });
  base.catch(() => undefined); // a test may only want to see it end
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  return { child, base, output: () => said, exited };
}

function environment(settings: Settings): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, HOST: "127.0.0.1", LC_ALL: "C", ...settings };
}
