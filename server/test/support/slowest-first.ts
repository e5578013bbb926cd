/**
 * The order of the test files in a fresh clone, where vitest knows no durations yet: a long file that
 * starts last would keep the run waiting for it alone.
 */
import { existsSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that took more than 20 s, the longest first; all others follow in vitest's own order. */
const SLOWEST = [
  "server/test/repair/managed-clouds.test.ts",
  "server/test/repair/unique-values.test.ts",
  "server/test/repair/refused-queries.test.ts",
  "server/test/repair/scratch-setup.test.ts",
  "server/test/embedded/embedded.test.ts",
  "server/test/start/health.test.ts",
  "server/test/repair/dead-runner.test.ts",
  "server/test/repair/faults.test.ts",
  "server/test/repair/rehearse.test.ts",
  "server/test/stop.test.ts",
  "server/test/repair/properties.test.ts",
  "server/test/repair/crash.test.ts",
  "server/test/repair/locks.test.ts",
  "server/test/embedded/ownership.test.ts",
  "acceptance/fresh-clone.test.ts",
  "server/test/repair/drop-guards.test.ts",
  "server/test/repair/recorded-run.test.ts",
  "server/test/repair/backup.test.ts",
  "server/test/browser/integration-page.test.ts",
  "server/test/repair/control.test.ts",
  "server/test/http/budgets/budgets.test.ts",
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = SLOWEST.filter((path) => !existsSync(path));
    if (missing.length > 0) throw new Error(`slowest-first.ts names ${missing.join(", ")}`);
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}

function place({ moduleId }: TestSpecification): number {
  const at = SLOWEST.findIndex((path) => moduleId.endsWith(`/${path}`));
  return at < 0 ? SLOWEST.length : at;
}
