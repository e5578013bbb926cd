/** A command whose two streams are one, as on a terminal: its output is in order. */
import { spawn, type ChildProcess } from "node:child_process";

export interface TerminalCommand {
  readonly child: ChildProcess;
  /** Resolves when all was said, with the exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  readonly output: () => string;
}

/** Two pipes that are read late lose the order between them. */
export function spawnOnOneTerminal(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): TerminalCommand {
  // The shell becomes the command: its process id, and so its signals, are the command's.
  const child = spawn("/bin/sh", ["-c", 'exec "$@" 2>&1', "sh", process.execPath, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env,
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status));
  });
  return { child, ended, output: () => text };
}
