// Measures a person's wait: from the command `npm start` to the first answered request, on a new
// data folder, on the second start, and on the start after kill -9. Prints; asserts nothing.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./bootstrap/repository.mjs";

const WALLET = "/api/shared/wallet/allinone-prod-test-123";
const DEADLINE_MS = 180_000;

const parent = mkdtempSync(join(tmpdir(), "newday-measure-"));
chmodSync(parent, 0o711);
const port = await freePort();
const figures = {
  firstStartMs: await start("SIGTERM"),
  secondStartMs: await start("SIGKILL"),
  startAfterKillMs: await start("SIGTERM"),
};
rmSync(parent, { recursive: true, force: true });
console.log(JSON.stringify({ bench: "start", figures }));

/** Milliseconds from the command to the first answer; then ends the server with `signal`. */
async function start(signal) {
  const started = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: ROOT,
    detached: true, // a group of its own: npm, its shell and the server are ended together
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: String(port), NEWDAY_DATA_DIR: join(parent, "data") },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  const status = await firstAnswer(started + DEADLINE_MS);
  const elapsed = Math.round(performance.now() - started);
  const ready = /(\d+) (ms|毫秒)/.exec(output)?.[1] ?? "?";
  console.log(`${elapsed} ms to the first answer (${status}); the server itself took ${ready} ms`);
  process.kill(-(child.pid ?? 0), signal);
  await new Promise((ended) => child.once("close", ended));
  while (await answers()) await sleep(20);
  return elapsed;
}

async function firstAnswer(deadline) {
  while (performance.now() < deadline) {
    const response = await fetch(`http://127.0.0.1:${port}${WALLET}`).catch(() => undefined);
    if (response) return response.status;
    await sleep(5);
  }
  throw new Error("no answer in time");
}

function answers() {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    () => true,
    () => false,
  );
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address();
      probe.close(() => found(free));
    });
  });
}
