// Prints each run's counts, what failed and why, and as the last line the sums; exits 1 when
// anything failed.
import { existsSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";

// What is kept of a long log is its end, so the failures are told again there; of each message as
// much as a screen holds, because the whole is in the step's log.
const MESSAGE_CHARACTERS = 2_000;

const [failedSteps, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of files) {
  const run = basename(file, ".json");
  if (!existsSync(file)) {
    console.log(`${run}: no result`);
    failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, "utf8"));
  const failures = result.testResults.flatMap(failuresOf);
  for (const { name, message } of failures) {
    console.log(`${run}: FAILED ${name}\n${message.slice(0, MESSAGE_CHARACTERS)}\n`);
  }
  console.log(`${run}: ${result.numPassedTests} passed, ${failures.length} failed`);
  passed += result.numPassedTests;
  failed += failures.length;
}
console.log(`steps that failed: ${failedSteps}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(Number(failedSteps) > 0 || failed > 0 ? 1 : 0);

function failuresOf({ name, status, message, assertionResults }) {
  const path = relative(process.cwd(), name);
  const failures = assertionResults
    .filter((test) => test.status === "failed")
    .map(({ fullName, failureMessages }) => ({
      name: `${path} > ${fullName}`,
      message: failureMessages.join("\n"),
    }));
  // A file that cannot be loaded, or whose hook fails, has no test that failed, but its suite did.
  return status === "failed" && failures.length === 0 ? [{ name: path, message }] : failures;
}
