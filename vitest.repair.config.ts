import { defineConfig } from "vitest/config";
import { EVERY_RUN } from "./server/test/support/every-run.ts";

/** `npm run test:repair`: the repair on every version that it supports, not only on 15 and 18. */
export default defineConfig({
  test: {
    include: [
      "server/test/repair/**/*.test.ts",
      "server/test/repair-versions/**/*.check.ts",
      "server/test/repair-crash/**/*.check.ts",
    ],
    ...EVERY_RUN,
    // The longest test starts two hundred processes.
    testTimeout: 600_000,
    maxWorkers: 2,
  },
});
