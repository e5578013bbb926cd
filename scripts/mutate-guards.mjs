// Checks that a test holds every guard: breaks one guard at a time in a copy of the checkout and
// expects the named test to turn red. `node scripts/mutate-guards.mjs repair [words of a guard]`
// reads scripts/mutations/repair.json. Exits 1 when a mutant survived, when a test run gave no
// result, or when a listed text stands elsewhere than exactly once; the checkout itself stays as it
// is.
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./bootstrap/repository.mjs";

/** Mutants are judged beside each other: many tests wait for limits of a server. */
const JOBS = 3;
/** A broken guard may make a test hang; a longer wait adds nothing. */
const TEST_TIMEOUT_MS = 60_000;
/** A run that prints more is killed by Node, and a mutant may log in a loop. */
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;
/** Enough to see an error with the first lines of its stack. */
const LAST_LINES = 12;

const [list, ...words] = process.argv.slice(2);
if (!list) {
  console.error("usage: node scripts/mutate-guards.mjs <list> [words of a guard]");
  process.exit(2);
}
const all = JSON.parse(readFileSync(join(ROOT, `scripts/mutations/${list}.json`), "utf8"));
const wanted = words.join(" ").toLowerCase();
const mutations = all.filter(({ guard }) => guard.toLowerCase().includes(wanted));

const folder = mkdtempSync(join(tmpdir(), "newday-mutants-"));
const counts = { killed: 0, SURVIVED: 0, "NO RESULT": 0, stale: 0 };
const baselines = new Map();
const waiting = [...mutations];
let judged = 0;
try {
  await Promise.all(Array.from({ length: JOBS }, (_, job) => work(join(folder, String(job)))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${counts.killed} of ${mutations.length} broken guards turned a test red: ` +
    `${counts.SURVIVED} survived, ${counts["NO RESULT"]} without a result, ${counts.stale} stale.`,
);
process.exitCode = counts.killed < mutations.length || mutations.length === 0 ? 1 : 0;

/** Judges mutants in a copy of its own until none waits. */
async function work(copy) {
  if (waiting.length > 0) copyCheckout(copy);
  for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
    if (!baselines.has(mutation.test))
      baselines.set(mutation.test, runUnbroken(copy, mutation.test));
    const red = await baselines.get(mutation.test);
    const { verdict, evidence } = red
      ? { verdict: "NO RESULT", evidence: `red without any mutation: ${red}` }
      : await judge(copy, mutation);
    counts[verdict]++;
    console.log(`${++judged}/${mutations.length} ${verdict.padEnd(9)} ${mutation.guard}`);
    console.log(`    ${mutation.file}: ${evidence}`);
  }
}

/** Returns why a test file is red without any mutation: it would "kill" every mutant. */
async function runUnbroken(copy, test) {
  const program = mutations.find((mutation) => mutation.test === test && mutation.arguments);
  if (program) {
    const { failed, broken } = await runProgram(copy, test, program.arguments);
    return failed[0] ?? broken;
  }
  const names = mutations.filter((mutation) => mutation.test === test).map(({ only }) => only);
  const { failed, broken } = await run(copy, test, names.every(Boolean) && names.join("|"));
  return failed[0] ?? broken;
}

/** Every file that git tracks or would track; packages are links, so that the copy is fast. */
function copyCheckout(copy) {
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of listed.split("\n").filter((name) => existsSync(join(ROOT, name))))
    if (file) cpSync(join(ROOT, file), join(copy, file));
  linkPackages(copy, "node_modules");
}

/** A link that leads inside the checkout (a workspace) must lead inside the copy. */
function linkPackages(copy, folder) {
  mkdirSync(join(copy, folder));
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith("@")) linkPackages(copy, path);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(ROOT, path)), join(copy, path));
    else if (!entry.name.startsWith(".vite")) symlinkSync(join(ROOT, path), join(copy, path));
  }
}

async function judge(copy, { file, text, replacement, test, only, arguments: words }) {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  const times = source.split(text).length - 1;
  if (times !== 1)
    return { verdict: "stale", evidence: `the text is there ${times} times, expected once` };
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  );
  const { failed, passed, broken } = words
    ? await runProgram(copy, test, words)
    : await run(copy, test, only);
  writeFileSync(path, source);
  if (failed.length > 0) return { verdict: "killed", evidence: `red: ${failed[0]}` };
  if (broken) return { verdict: "NO RESULT", evidence: broken };
  return { verdict: "SURVIVED", evidence: `${passed} tests of ${test} stayed green` };
}

/**
 * Runs a test file in the copy. `broken` is the reason why the run gave no result: the process died,
 * the file failed to load, or no test ran.
 */
async function run(copy, test, only) {
  const report = join(copy, "report.json");
  const options = ["--bail=1", `--testTimeout=${TEST_TIMEOUT_MS}`];
  const filter = only ? ["-t", only] : [];
  const { output, end } = await runNode(
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      test,
      ...filter,
      ...options,
      "--reporter=json",
      `--outputFile=${report}`,
    ],
    copy,
  );
  if (!existsSync(report))
    return { failed: [], passed: 0, broken: `the run died (${end}):${tail(output)}` };
  const { testResults, numPassedTests } = JSON.parse(readFileSync(report, "utf8"));
  rmSync(report);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ fullName }) => fullName);
  const broken = testResults.find(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const nothing = numPassedTests === 0 && failed.length === 0;
  return {
    failed,
    passed: numPassedTests,
    broken: broken
      ? `the file failed to run:${tail(broken.message)}`
      : nothing
        ? `no test ran (${end}):${tail(output)}`
        : undefined,
  };
}

/** Runs a program of the tests, on servers that are built from the copy. Exit code 1 and "FOUND" is red. */
async function runProgram(copy, test, words) {
  const built = await runNode([join(copy, "scripts/build.mjs")], copy);
  if (built.end !== "exit code 0")
    return { failed: [], passed: 0, broken: `it does not build:${tail(built.output)}` };
  const program = [join(copy, "scripts/run-typescript.mjs"), test, ...words.split(" ")];
  const { output, end } = await runNode(program, copy);
  const failed = output.split("\n").filter((line) => line.startsWith("FOUND "));
  const isResult = end === "exit code 0" || (end === "exit code 1" && failed.length > 0);
  const broken = isResult ? undefined : `the run died (${end}):${tail(output)}`;
  return { failed: broken ? [] : failed, passed: 1, broken };
}

/** Resolves with the output of a process and how it ended. */
function runNode(parameters, cwd) {
  const options = { cwd, encoding: "utf8", maxBuffer: OUTPUT_MAX_BYTES };
  return new Promise((resolve) => {
    execFile(process.execPath, parameters, options, (error, stdout, stderr) => {
      const end = error?.signal ? `signal ${error.signal}` : `exit code ${error?.code ?? 0}`;
      resolve({ output: `${stdout}\n${stderr}`, end });
    });
  });
}

/** The last lines of an output, each on a line of its own below the result. */
function tail(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return ["", ...lines.slice(-LAST_LINES)].join("\n        ");
}
