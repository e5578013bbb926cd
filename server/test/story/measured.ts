/** Calls of clients, measured between two moments: their number, the longest wait, the errors. */

export type CallKind = "read" | "write";

export interface Measured {
  readonly reads: number;
  readonly writes: number;
  readonly worstReadMs: number;
  readonly worstWriteMs: number;
  /** Writes that the adoption refuses, by design, with `ND003`. */
  readonly refused: number;
  /** Every other failure, by its code. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface Tally {
  count(kind: CallKind, call: () => Promise<unknown>): Promise<void>;
  /** Returns what was measured since the last call of it. */
  take(): Measured;
}

/** The adoption refuses the writes of an old server with this SQLSTATE (migration 0003). */
const REFUSED_SINCE_ADOPTION = "ND003";

export function createTally(): Tally {
  let now = empty();
  return {
    async count(kind, call) {
      const started = performance.now();
      try {
        await call();
      } catch (error) {
        const code = codeOf(error);
        if (code === REFUSED_SINCE_ADOPTION) now.refused += 1;
        else now.errors[code] = (now.errors[code] ?? 0) + 1;
      }
      const waited = performance.now() - started;
      if (kind === "read") {
        now.reads += 1;
        now.worstReadMs = Math.max(now.worstReadMs, waited);
      } else {
        now.writes += 1;
        now.worstWriteMs = Math.max(now.worstWriteMs, waited);
      }
    },
    take() {
      const taken = now;
      now = empty();
      return taken;
    },
  };
}

function empty() {
  const errors: Record<string, number> = {};
  return { reads: 0, writes: 0, worstReadMs: 0, worstWriteMs: 0, refused: 0, errors };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : error.message;
}

/** The number of failures other than the refusals by design. */
export function failures({ errors }: Measured): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}
