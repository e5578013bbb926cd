/** Progress of a step that takes minutes on a large database: parts done of a measured total. */
import type { Message } from "../../lib/messages.ts";
import type { Emit } from "./events.ts";

export interface Progress {
  readonly label: Message;
  readonly unit: Message;
  readonly total: number;
}

/** Returns a function that reports the parts done. The reader of the events decides how often it shows them. */
export function progressReporter(
  emit: Emit,
  { label, unit, total }: Progress,
): (done: number) => void {
  return (done) => emit("progress", label, { done: Math.min(done, total), total, unit });
}

export const ROWS: Message = { en: "rows", zh: "行" };
export const MEGABYTES: Message = { en: "MB", zh: "MB" };
export const TRIALS: Message = { en: "trials", zh: "次" };

const BYTES_OF_A_MEGABYTE = 1024 * 1024;

/** Whole megabytes, one at least. */
export function megabytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BYTES_OF_A_MEGABYTE));
}
