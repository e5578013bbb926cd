import { defineConfig } from "vitest/config";
import { EVERY_RUN } from "./server/test/support/every-run.ts";
import { SlowestFirst } from "./server/test/support/slowest-first.ts";

export default defineConfig({
  test: {
    include: [
      "server/src/**/*.test.ts",
      "server/test/**/*.test.ts",
      "sdk/**/*.test.ts",
      "acceptance/**/*.test.ts",
    ],
    ...EVERY_RUN,
    testTimeout: 180_000,
    // Two more than a small machine has processors: the longest tests wait for limits of a server.
    maxWorkers: 4,
    sequence: { sequencer: SlowestFirst },
  },
});
