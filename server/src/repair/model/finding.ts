/** A finding: an observation of the preflight, with its evidence and remedy. */
import type { Message } from "../../lib/messages.ts";

/** `block` stops the plan from being applied; `warn` is shown and journaled; `info` is context. */
export type Severity = "block" | "warn" | "info";

export interface Finding {
  /** Stable: docs, journals and acceptances refer to it. */
  readonly id: string;
  readonly severity: Severity;
  /** The observation here and now, with numbers. */
  readonly evidence: Message;
  readonly data: Readonly<Record<string, unknown>>;
  /** Set when the operator accepted a blocking finding, with the reason. */
  readonly accepted?: string;
}

/** The findings that still stand in the way. */
export function blocking(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity, accepted }) => severity === "block" && !accepted);
}
