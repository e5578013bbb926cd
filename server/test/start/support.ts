/** The built server under another user, with other limits, or with other files around it. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "../support/test-end.ts";

const SERVER = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
export const AS_ROOT = process.getuid?.() === 0;
/** A user id that no system gives a name. */
export const NAMELESS = 12_345;

/** Whether a user other than root can read the checkout at all. */
export function canRead(uid: number): boolean {
  return AS_ROOT && spawnSync("setpriv", [...asUser(uid), "test", "-r", SERVER]).status === 0;
}

export function asUser(uid: number): string[] {
  return [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
}

export interface WrappedServer {
  readonly child: ChildProcess;
  /** Where it serves, or undefined when it ended instead. */
  readonly base: Promise<string | undefined>;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

/** `wrapper` is a command that runs the server, such as `setpriv`. */
export function startWrapped(
  wrapper: readonly string[],
  settings: Readonly<Record<string, string>>,
): WrappedServer {
  const [command, ...args] = [...wrapper, process.execPath, SERVER];
  const { PATH } = process.env;
  const child = spawn(command ?? process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOST: "127.0.0.1", PORT: "0", LC_ALL: "C", ...settings },
  });
  let said = "";
  const exited = new Promise<number | null>((ended) => child.once("close", ended));
  const served = new Promise<string>((serves) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
        const [, port] = /http:\/\/localhost:(\d+)/.exec(said) ?? [];
        if (port) serves(`http://127.0.0.1:${port}`);
      });
  });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  return {
    child,
    base: Promise.race([served, exited.then(() => undefined)]),
    output: () => said,
    exited,
  };
}
