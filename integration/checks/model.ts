/**
 * The vocabulary of the integration checks. They are written once and shown twice: by
 * `/test-newday-integration.html` in a browser and by `newday doctor` in a terminal. They use
 * `fetch` only, so their result holds for any client of any platform.
 */

/** Every sentence exists in both languages; the page or terminal chooses. */
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

/** One request and its answer for display; tokens are masked. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly origin: "own" | "null";
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody?: string;
  /** Absent after a failed request. */
  readonly status?: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  readonly milliseconds: number;
  /** The runtime's reason of a failed request. */
  readonly fault?: string;
}

/** Green and red are results; skipped means that an earlier check has to be green first. */
export type Verdict = "green" | "red" | "skipped";

export interface CheckResult {
  readonly id: string;
  readonly group: GroupId;
  /** The client of the contract that makes these calls, for example `T8 7`. */
  readonly source: string;
  readonly title: Text;
  readonly verdict: Verdict;
  /** Green: the evidence. Red: the difference. Skipped: the missing precondition. */
  readonly finding: Text;
  /** The remedy, of red checks only. */
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
