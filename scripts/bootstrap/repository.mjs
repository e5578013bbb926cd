import { fileURLToPath } from "node:url";

/** The folder of the checkout, wherever the command was called. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export function say(line) {
  process.stderr.write(`newday: ${line}\n`);
}

/** Logs the slow step, then its duration. */
export async function timed(what, work) {
  say(`${what} ...`);
  const started = Date.now();
  const result = await work();
  say(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
