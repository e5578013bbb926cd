// Runs the gates of `npm run check` side by side: each takes one core for a while, and two wait for a
// disk or a database. Prints what a red one printed, then every gate with its seconds.
import { spawn } from "node:child_process";
import { ROOT } from "./bootstrap/repository.mjs";

/** The slowest first, so that none of them begins late. */
const GATES = [["lint"], ["types"], ["generate", "--", "--check"], ["tidy"], ["format:check"]];

const results = await Promise.all(GATES.map(run));
for (const { output } of results.filter(({ status }) => status !== 0)) process.stderr.write(output);
for (const { name, status, seconds } of results)
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name.padEnd(12)} ${seconds.toFixed(1)} s`);
process.exit(results.every(({ status }) => status === 0) ? 0 : 1);

function run([name, ...args]) {
  const started = performance.now();
  const child = spawn("npm", ["run", "--silent", name, ...args], { cwd: ROOT });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once("close", (status) =>
      resolve({ name, status, output, seconds: (performance.now() - started) / 1000 }),
    );
  });
}
