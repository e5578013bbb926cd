/** What one turn of a phase measures. */
export interface Measurement {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Processor microseconds per operation: the process with the engine, and all of PostgreSQL. */
  readonly nodeUs: number;
  readonly postgresUs: number;
}

/** By name of the figure: whether more is better. */
export const FIGURES = {
  perSecond: { suffix: "per_s", isMoreBetter: true },
  p99Ms: { suffix: "p99_ms", isMoreBetter: false },
  nodeUs: { suffix: "node_us", isMoreBetter: false },
  postgresUs: { suffix: "postgres_us", isMoreBetter: false },
} as const satisfies Record<keyof Measurement, { suffix: string; isMoreBetter: boolean }>;
