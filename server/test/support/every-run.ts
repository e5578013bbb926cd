/** Settings that every run of the tests needs. */
export const EVERY_RUN = {
  globalSetup: ["server/test/support/global-setup.ts"],
  setupFiles: ["server/test/support/every-file.ts"],
  // A worker keeps the modules for its next file: loading the server anew took 1.3 s of processor a file.
  isolate: false,
  // What a test put in place of an environment or a method must not meet the next file.
  unstubEnvs: true,
  restoreMocks: true,
  // Bounds for hanging tests: a lean machine under load takes its time, and durations are asserted
  // nowhere. Polls would give up after a second.
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
};
