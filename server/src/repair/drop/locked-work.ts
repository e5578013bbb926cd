import type { PlannedLock } from "../model/plan.ts";
import type { BackoffStep } from "./lock-timeout-backoff.ts";

export type ExclusiveMode = "access exclusive" | "share row exclusive";

/** The work under the locks; repair and rollback differ in this only. */
export interface LockedWork {
  readonly mode: ExclusiveMode;
  readonly locks: readonly PlannedLock[];
  readonly deadlockTimeoutMs: number;
  readonly versionNumber: number;
  /**
   * Checked under the pre-lock, while clients still run: refuses a stale plan early, and warms the
   * backend's caches for the same checks under the exclusive lock.
   */
  readonly precheckSql?: string;
  /** Longest time under the locks, triggers included; later the server cancels and rolls back. */
  readonly holdMs: number;
  /** The message to send: it takes the locks as the step says, does the work and commits. */
  batchSql(step: BackoffStep): string;
}
