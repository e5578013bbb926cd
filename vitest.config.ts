import { defineConfig } from "vitest/config";
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
    // Against hanging only: a lean machine under load takes its time, and no test asserts a duration.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // One more than a small machine has processors: many tests wait for limits of a server.
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
  },
});
