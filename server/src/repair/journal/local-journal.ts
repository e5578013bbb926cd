/**
 * The journal beside the tool: JSON lines, each on disk before the next action.
 *
 * It is the record while the database is unreachable, or without a journal of its own.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { GENESIS } from "./journal-queries.ts";

export interface LocalRecord {
  readonly runId: string;
  readonly at: string;
  readonly kind: string;
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** The disk is full or gone. Before the change it stops a run; after it, the change stays. */
export class LocalJournalUnwritable extends Error {
  override readonly name = "LocalJournalUnwritable";
}

export interface LocalJournal {
  /**
   * Returns when the record is on disk, or throws `LocalJournalUnwritable` with the file unchanged.
   */
  append(runId: string, kind: string, body: string): void;
  /** The records on disk, oldest first. */
  records(): LocalRecord[];
  close(): void;
}

/**
 * Opens or continues the file; only its owner may read it, because it names sessions and rows. A
 * record cut short by a crash or a full disk is removed: its action was still to come. Throws
 * `repair_refused` for an edited record, and keeps the file as evidence.
 */
export function openLocalJournal(path: string): LocalJournal {
  const records = readLocalJournal(path);
  if (!isLocalJournalIntact(records)) throw edited(path);
  let previousHash = records.at(-1)?.hash ?? GENESIS;
  const file = openSync(path, "a", 0o600);
  let length = Buffer.byteLength(wholeLines(path));
  ftruncateSync(file, length);
  return {
    append(runId, kind, body) {
      const at = new Date().toISOString();
      const hash = hashOf({ runId, at, kind, body, previousHash });
      const line = `${JSON.stringify({ runId, at, kind, body, previousHash, hash })}\n`;
      try {
        writeWhole(file, Buffer.from(line));
        fsyncSync(file);
      } catch (cause) {
        ftruncateSync(file, length);
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new LocalJournalUnwritable(`${path} cannot be written: ${why}`, { cause });
      }
      length += Buffer.byteLength(line);
      previousHash = hash;
    },
    records: () => readLocalJournal(path),
    close: () => closeSync(file),
  };
}

/** A filling disk takes a part and reports the number only; the next write reports why. */
function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** The records of the file, oldest first. A last line that a crash cut short is left out. */
export function readLocalJournal(path: string): LocalRecord[] {
  return wholeLines(path)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parse(path, line));
}

function wholeLines(path: string): string {
  if (!existsSync(path)) return "";
  const text = readFileSync(path, "utf8");
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function parse(path: string, line: string): LocalRecord {
  try {
    return JSON.parse(line) as LocalRecord;
  } catch {
    throw edited(path);
  }
}

function edited(path: string): NewDayError {
  return refusal("journal_edited", { path }, { details: { path } });
}

/** True when every record is as written, in the same order. */
export function isLocalJournalIntact(records: readonly LocalRecord[]): boolean {
  return records.every(
    (record, index) =>
      record.hash === hashOf(record) &&
      record.previousHash === (records[index - 1]?.hash ?? GENESIS),
  );
}

function hashOf(record: Omit<LocalRecord, "hash">): string {
  const { previousHash, runId, at, kind, body } = record;
  return createHash("sha256")
    .update([previousHash, runId, at, kind, body].join("\n"))
    .digest("hex");
}
