// Prints each run's counts and, as the last line, their sums; exits 1 when anything failed.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const [failedSteps, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of files) {
  if (!existsSync(file)) {
    console.log(`${basename(file, ".json")}: no result`);
    failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(file, "utf8"));
  // A file that cannot be loaded has no test that could fail, but its suite did.
  const brokenFiles = result.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failures = result.numFailedTests + brokenFiles;
  console.log(`${basename(file, ".json")}: ${result.numPassedTests} passed, ${failures} failed`);
  passed += result.numPassedTests;
  failed += failures;
}
console.log(`steps that failed: ${failedSteps}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(Number(failedSteps) > 0 || failed > 0 ? 1 : 0);
