/** The built server as a process of its own, with an environment of its own; its caller ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export type Settings = Readonly<Record<string, string>>;

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Where it serves; rejects with what it said when it ended instead. */
  readonly base: Promise<string>;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

/** Starts a server on a port that the system chooses, unless `PORT` is set. */
export function spawnServer(settings: Settings): ServerProcess {
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
  base.catch(() => undefined); // the caller may only want to see it end
  return { child, base, output: () => said, exited };
}

/** Nothing of the caller but what a process cannot do without. */
export function environment(settings: Settings): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, HOST: "127.0.0.1", LC_ALL: "C", ...settings };
}
