/**
 * Hash chains over rows: each link is SHA-256 over the link before it and the row. A personal text enters by
 * its commitment (commitments.ts), so a chain still verifies when text and salt were dropped. Migration 0080 makes
 * the links of the logs of changes with the same encoding.
 */
import { createHash } from "node:crypto";
import { isCommitmentOf } from "./commitments.ts";

/** A text that may name a person; text and salt are null once they were dropped. */
export interface ChainedText {
  readonly text: string | null;
  readonly salt: Buffer | null;
  /** null for a row that never had the text. */
  readonly commitment: Buffer | null;
}

export interface ChainedRow {
  /** 1, 2, 3, ... without a gap. */
  readonly sequence: bigint;
  /** What stays in the row for ever, in a fixed order. */
  readonly facts: readonly string[];
  readonly texts: readonly ChainedText[];
}

/** A row with its stored link. */
export interface LinkedRow extends ChainedRow {
  readonly link: Buffer;
}

/** The place of the last row, or of the start. */
export interface ChainHead {
  readonly sequence: bigint;
  readonly link: Buffer;
}

/** `gap`: a row is missing or inserted. `text`: it differs from its commitment. `link`: a fact or commitment differs. */
export type ChainFault = "gap" | "text" | "link";

/** Where the chain of this name begins. Rows of one chain never fit into another. */
export function startOfChain(name: string): ChainHead {
  return { sequence: 0n, link: createHash("sha256").update(name, "utf8").digest() };
}

/** The link of the row behind `previous`. */
export function linkOf(previous: Buffer, { sequence, facts, texts }: ChainedRow): Buffer {
  const hash = createHash("sha256").update(previous);
  const commitments = texts.map(({ commitment }) => commitment?.toString("hex") ?? null);
  for (const field of [`${sequence}`, ...facts, ...commitments]) hash.update(netstring(field));
  return hash.digest();
}

/** Returns the fault of a row that follows `head`; undefined for a sound one. */
export function findChainFault(head: ChainHead, row: LinkedRow): ChainFault | undefined {
  if (row.sequence !== head.sequence + 1n) return "gap";
  if (!row.texts.every(isAsCommitted)) return "text";
  return linkOf(head.link, row).equals(row.link) ? undefined : "link";
}

function isAsCommitted({ text, salt, commitment }: ChainedText): boolean {
  if (text === null || salt === null || commitment === null) return text === null && salt === null;
  return isCommitmentOf(text, { commitment, salt });
}

/** `5:hello,` and `-` for null: two lists of fields never give the same bytes. */
function netstring(field: string | null): string {
  return field === null ? "-" : `${Buffer.byteLength(field, "utf8")}:${field},`;
}
