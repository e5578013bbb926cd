/**
 * What clients feel of a repair and no catalogue shows: each sense counts one thing from the start of
 * the watch on. A sense that cannot see says so; it never turns that into a zero.
 */
import type { Text } from "../model/text.ts";

export interface Reading {
  /** What is counted. */
  readonly label: Text;
  /** Since the watch began; null while nothing could be counted yet. */
  readonly total: number | null;
  /** Since the reading before this one. */
  readonly growth: number;
  /** What the total consists of: names, nothing that a client sent. */
  readonly detail: string;
  /** Why less than everything is seen now; undefined when all is well. */
  readonly trouble: Text | undefined;
  /** For programs and the journal: names and numbers only, too. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Sense {
  readonly name: "failedForeignKeys" | "serverErrors";
  /** The first reading is where counting begins. Never rejects for what it watches being away. */
  read(signal: AbortSignal): Promise<Reading>;
  close(): Promise<void>;
}

/** The reading as a line of the watch writes it: the total, what is new, what it consists of. */
export function inWords({ label, total, growth, detail }: Reading): Text {
  const more: Text = growth > 0 ? [` (+${growth})`, `（+${growth}）`] : ["", ""];
  const of: Text = detail === "" ? ["", ""] : [`: ${detail}`, `：${detail}`];
  return [
    `${label[0]}: ${total ?? "unknown"}${more[0]}${of[0]}`,
    `${label[1]}：${total ?? "未知"}${more[1]}${of[1]}`,
  ];
}
