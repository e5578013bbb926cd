/**
 * Every finding of the preflight: its meaning, its reason, its remedy.
 *
 * Ids are stable for ever; `newday repair explain ID` and docs/repair/findings are made from this.
 */
import { BLOCKING_ENTRIES } from "./finding-entries-block.ts";
import { WARNING_ENTRIES } from "./finding-entries-warn.ts";
import type { Message } from "../../lib/messages.ts";

export interface FindingEntry {
  readonly id: string;
  readonly title: Message;
  /** Its harm, in this repair. */
  readonly why: Message;
  readonly remedy: Message;
  /**
   * A blocking finding that an operator may accept with a reason; facts of identity are excluded.
   */
  readonly acceptable: boolean;
}

export const FINDING_CATALOGUE: readonly FindingEntry[] = [...BLOCKING_ENTRIES, ...WARNING_ENTRIES];

export function findingEntry(id: string): FindingEntry | undefined {
  return FINDING_CATALOGUE.find((entry) => entry.id === id.toUpperCase());
}

export function isAcceptable(id: string): boolean {
  return findingEntry(id)?.acceptable ?? false;
}
