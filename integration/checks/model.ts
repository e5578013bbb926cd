/**
 * The vocabulary of the integration checks. They are written once and shown twice: by
 * `/test-newday-integration.html` in a browser and by `newday doctor` in a terminal. They use
 * nothing but `fetch`, so that they prove what any client of any platform would see.
 */

/** Every sentence exists in both languages; the face that shows it chooses. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export type Language = keyof Text;

export type GroupId =
  | "reach"
  | "shared"
  | "identity"
  | "inventory"
  | "market"
  | "transfer"
  | "again";

/** One request and its answer as they are shown to a person; tokens are masked. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly origin: "own" | "null";
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly milliseconds: number;
  /** What the runtime said when no answer came. */
  readonly fault?: string;
}

/** Green and red speak for themselves; skipped means that an earlier check had to be green first. */
export type Verdict = "green" | "red" | "skipped";

export interface CheckResult {
  readonly id: string;
  readonly group: GroupId;
  /** The client of the contract that makes these calls, for example `T8 7`. */
  readonly source: string;
  readonly title: Text;
  readonly verdict: Verdict;
  /** Green: what was proved. Red: what was wrong. Skipped: what was missing. */
  readonly finding: Text;
  /** What to do; only when red. */
  readonly remedy?: Text;
  readonly milliseconds: number;
  readonly exchanges: readonly Exchange[];
}

export interface LatencySummary {
  readonly requests: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Every request in the order in which its answer came. */
  readonly samplesMs: readonly number[];
}

export interface Report {
  readonly tool: "newday-integration";
  readonly version: 1;
  readonly base: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly verdict: "green" | "red";
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly latency: LatencySummary;
  readonly checks: readonly CheckResult[];
}
