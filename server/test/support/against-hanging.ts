/**
 * Limits that only end what hangs: a lean machine under load takes its time, and no test asserts a
 * duration. Whatever runs the tests must have them, because polls would give up after a second.
 */
export const AGAINST_HANGING = {
  hookTimeout: 300_000,
  expect: { poll: { timeout: 60_000 } },
} as const;
