import type { PlannedLock } from "../model/plan.ts";

/** The work under the locks; repair and rollback differ in this only. */
export interface LockedWork {
  readonly locks: readonly PlannedLock[];
  readonly deadlockTimeoutMs: number;
  readonly versionNumber: number;
  /**
   * Checked under the pre-lock, while clients still run: refuses a stale plan early, and warms the
   * backend's caches for the same checks under the exclusive lock.
   */
  readonly precheckSql?: string;
  /** The message to send: it takes the locks within `waitMs`, does the work and commits. */
  batchSql(waitMs: number): string;
}
