import type { PlannedLock } from "../plan/plan.ts";

/** What is to be done under the locks; a repair and its rollback differ in this only. */
export interface LockedWork {
  readonly locks: readonly PlannedLock[];
  readonly deadlockTimeoutMs: number;
  readonly versionNumber: number;
  /** The message to send: it takes the locks within `waitMs`, does the work and commits. */
  batchSql(waitMs: number): string;
}
