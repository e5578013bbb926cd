/**
 * A repair, declared as data: the foreign keys to drop, the rows that must exist afterwards, and
 * the reasons.
 *
 * Constraint names are left out. Keys are matched by structure (table, column, referenced table),
 * because names differ between environments (docs/repair/facts.md 2.3). The machine in `plan/`,
 * `drop/` and `apply/` reads these declarations only: another repair is another file beside this
 * one.
 */
import type { Message } from "../../lib/messages.ts";

/** Every foreign key of `table` that contains `column` and refers to `references` has to go. */
export interface KeyRule {
  readonly table: string;
  readonly column: string;
  readonly references: string;
  /** The consequence of the key for a user without a row in `references`. */
  readonly blocks: Message;
  /** Each value of `column` has one row; UNIQUE alone holds that once the key is gone. */
  readonly unique?: boolean;
}

/** A row that must exist when the repair is done; inserted only if its key is missing. */
export interface RequiredRow {
  readonly table: string;
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly why: Message;
}

/** The sentences of a repair in the notices to partners. */
export interface PartnerTexts {
  /** What works once the keys are gone. */
  readonly gains: Message;
  /** How a partner sees it. */
  readonly test: Message;
  /** What stops working when the keys are back. */
  readonly loses: Message;
}

/** The rows that `GET /api/shared/wallet/{id}` reads and makes; the smoke test looks for them. */
export interface SmokeTarget {
  readonly table: string;
  readonly column: string;
}

/** A value for the proof's row, where the rules of a table leave none to find. */
export interface ProbeValue {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}

export interface RepairDefinition {
  readonly id: string;
  /** Raised when the rules change, so that an old plan is refused. */
  readonly version: number;
  readonly title: Message;
  /** The table that identifies the intended database. */
  readonly anchorTable: string;
  readonly parentTable: string;
  readonly keys: readonly KeyRule[];
  readonly rows: readonly RequiredRow[];
  readonly partner: PartnerTexts;
  readonly probeValues?: readonly ProbeValue[];
  /** False where an operator accepted (B35) that no row is inserted for the proof. */
  readonly isProbed?: boolean;
  /** Absent for tables that no API of New Day shows. */
  readonly smoke?: SmokeTarget;
}

/** The tables that a repair touches, each once, in the order of its rules. */
export function tablesOf(repair: RepairDefinition): string[] {
  const tables = repair.keys.flatMap((key) => [key.table, key.references]);
  return [...new Set([repair.anchorTable, repair.parentTable, ...tables])];
}
