/**
 * The journal beside the tool: JSON lines, each on disk before the next thing happens.
 *
 * It is the memory when the database cannot be reached, or was never asked to keep one.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { GENESIS } from "./journal-queries.ts";

export interface LocalRecord {
  readonly runId: string;
  readonly at: string;
  readonly kind: string;
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface LocalJournal {
  append(runId: string, kind: string, body: string): void;
  close(): void;
}

/** Opens or continues the file; only its owner may read it, since it names sessions and rows. */
export function openLocalJournal(path: string): LocalJournal {
  let previousHash = readLocalJournal(path).at(-1)?.hash ?? GENESIS;
  const file = openSync(path, "a", 0o600);
  return {
    append(runId, kind, body) {
      const at = new Date().toISOString();
      const hash = hashOf({ runId, at, kind, body, previousHash });
      writeSync(file, `${JSON.stringify({ runId, at, kind, body, previousHash, hash })}\n`);
      fsyncSync(file);
      previousHash = hash;
    },
    close: () => closeSync(file),
  };
}

/** The records of the file, oldest first. A last line that a crash cut short is left out. */
export function readLocalJournal(path: string): LocalRecord[] {
  if (!existsSync(path)) return [];
  const records: LocalRecord[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (!line.endsWith("}")) continue;
    records.push(JSON.parse(line) as LocalRecord);
  }
  return records;
}

/** True when every record still says what it said when it was written, in the same order. */
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
