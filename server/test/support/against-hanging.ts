/**
 * Bounds for hanging tests: a lean machine under load takes its time, and durations are asserted
 * nowhere. Every run of the tests needs them, because polls would give up after a second.
 */
export const AGAINST_HANGING = {
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
} as const;
