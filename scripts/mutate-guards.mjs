// Checks that a test holds every guard: breaks one guard at a time in a copy of the checkout and
// expects the named test to turn red. `node scripts/mutate-guards.mjs repair [words of a guard]`
// reads scripts/mutations/repair.json. Exits 1 when a mutant survived, or when a listed text stands
// elsewhere than exactly once; the checkout itself stays as it is.
import { spawnSync } from "node:child_process";
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

/** A broken guard may make a test hang; a longer wait adds nothing. */
const TEST_TIMEOUT_MS = 60_000;

const [list, ...words] = process.argv.slice(2);
if (!list) {
  console.error("usage: node scripts/mutate-guards.mjs <list> [words of a guard]");
  process.exit(2);
}
const all = JSON.parse(readFileSync(join(ROOT, `scripts/mutations/${list}.json`), "utf8"));
const wanted = words.join(" ").toLowerCase();
const mutations = all.filter(({ guard }) => guard.toLowerCase().includes(wanted));

const copy = mkdtempSync(join(tmpdir(), "newday-mutants-"));
let wrong = 0;
try {
  copyCheckout();
  requireGreen();
  for (const [index, mutation] of mutations.entries()) {
    const { verdict, evidence } = judge(mutation);
    if (verdict !== "killed") wrong++;
    console.log(`${index + 1}/${mutations.length} ${verdict.padEnd(8)} ${mutation.guard}`);
    console.log(`    ${mutation.file}: ${evidence}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${mutations.length - wrong} of ${mutations.length} broken guards turned a test red.`);
process.exitCode = wrong > 0 || mutations.length === 0 ? 1 : 0;

/** Every file that git tracks or would track; packages are links, so that the copy is fast. */
function copyCheckout() {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const file of listed.stdout.split("\n").filter((name) => existsSync(join(ROOT, name))))
    if (file) cpSync(join(ROOT, file), join(copy, file));
  linkPackages("node_modules");
}

/** A link that leads inside the checkout (a workspace) must lead inside the copy. */
function linkPackages(folder) {
  mkdirSync(join(copy, folder));
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith("@")) linkPackages(path);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(ROOT, path)), join(copy, path));
    else if (!entry.name.startsWith(".vite")) symlinkSync(join(ROOT, path), join(copy, path));
  }
}

/** A test that is red anyway would "kill" every mutant. */
function requireGreen() {
  for (const test of new Set(mutations.map((mutation) => mutation.test))) {
    const names = mutations.filter((mutation) => mutation.test === test).map(({ only }) => only);
    const { failed, broken } = run(test, names.every(Boolean) ? names.join("|") : undefined);
    if (failed.length > 0 || broken)
      throw new Error(`red without any mutation: ${failed[0] ?? broken}`);
  }
}

function judge({ file, text, replacement, test, only }) {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  const times = source.split(text).length - 1;
  if (times !== 1)
    return { verdict: "stale", evidence: `the text is there ${times} times, expected once` };
  writeFileSync(
    path,
    source.replace(text, () => replacement),
  );
  const { failed, passed, broken } = run(test, only);
  writeFileSync(path, source);
  if (failed.length > 0) return { verdict: "killed", evidence: `red: ${failed[0]}` };
  if (broken) return { verdict: "invalid", evidence: broken };
  return { verdict: "SURVIVED", evidence: `${passed} tests of ${test} stayed green` };
}

/** Runs a test file in the copy. `broken` when it failed to run, which is no result. */
function run(test, only) {
  const report = join(copy, "report.json");
  const options = ["--bail=1", `--testTimeout=${TEST_TIMEOUT_MS}`];
  const filter = only ? ["-t", only] : [];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      test,
      ...filter,
      ...options,
      "--reporter=json",
      `--outputFile=${report}`,
    ],
    { cwd: copy, encoding: "utf8" },
  );
  if (!existsSync(report)) return { failed: [], passed: 0, broken: tail(stderr || stdout) };
  const { testResults, numPassedTests } = JSON.parse(readFileSync(report, "utf8"));
  rmSync(report);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ fullName }) => fullName);
  const broken = testResults.find(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const nothing = numPassedTests === 0 && failed.length === 0 ? "no test ran" : undefined;
  return { failed, passed: numPassedTests, broken: broken ? tail(broken.message) : nothing };
}

function tail(text) {
  return text.trim().split("\n").slice(-3).join(" ").slice(0, 300);
}
