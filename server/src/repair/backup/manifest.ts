/**
 * The note beside a dump: its content, counted and hashed in the dump's own snapshot.
 *
 * It lets a restored file be compared with its intended content.
 */
import { readFileSync } from "node:fs";
import { refusal } from "../../errors/refusals.ts";
import { writeOutput } from "../model/output-file.ts";
import type { Fingerprint } from "../model/plan.ts";
import type { DatabaseSetup } from "./database-setup.ts";
import type { KeyLine } from "./dump-scope.ts";
import type { TableContents } from "./table-contents.ts";

export interface Backup {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly tool: string;
  readonly takenAt: string;
  /**
   * Position of the log at the snapshot, for a restore to a point in time; undefined when the
   * server refuses it.
   */
  readonly lsn: string | undefined;
  readonly source: Fingerprint;
  readonly repair: { readonly id: string; readonly version: number };
  readonly setup: DatabaseSetup;
  readonly contents: readonly TableContents[];
  /** Tables of which the dump holds no rows; a note of a release before has none. */
  readonly structureOnly?: readonly string[];
  readonly foreignKeys: readonly KeyLine[];
  /** The date by which the dump, which holds personal data, has to be deleted. */
  readonly deleteAfter: string;
}

export function manifestPath(dump: string): string {
  return `${dump}.json`;
}

export function writeManifest(backup: Backup): void {
  writeOutput(manifestPath(backup.path), `${JSON.stringify(backup, null, 2)}\n`);
}

/** Notes of earlier releases hold the encoding alone. */
interface OlderNote {
  readonly encoding?: string;
}

/**
 * Reads the note of a dump that may have been moved since. Throws `repair_usage` when it is
 * missing.
 */
export function readManifest(dump: string): Backup {
  try {
    const note = JSON.parse(readFileSync(manifestPath(dump), "utf8")) as Backup & OlderNote;
    return { ...note, setup: note.setup ?? { encoding: note.encoding ?? "UTF8" }, path: dump };
  } catch (cause) {
    throw refusal(
      "manifest_unreadable",
      { path: manifestPath(dump) },
      { details: { path: manifestPath(dump) }, cause },
    );
  }
}
