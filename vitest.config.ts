import { defineConfig } from "vitest/config";

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
    maxWorkers: 2,
  },
});
