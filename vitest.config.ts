import { defineConfig } from "vitest/config";
import { AGAINST_HANGING } from "./server/test/support/against-hanging.ts";
import { SlowestFirst } from "./server/test/support/slowest-first.ts";

export default defineConfig({
  test: {
    include: [
      "server/src/**/*.test.ts",
      "server/test/**/*.test.ts",
      "sdk/**/*.test.ts",
      "acceptance/**/*.test.ts",
    ],
    globalSetup: ["server/test/support/global-setup.ts"],
    ...AGAINST_HANGING,
    testTimeout: 180_000,
    // One more than a small machine has processors: many tests wait for limits of a server.
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
  },
});
