/**
 * Messages in stored JSON: a pair, English first.
 *
 * Plan files, repair files, rehearsal results, the journal, `--json` lines and the control socket
 * are older than `Message` and keep their format. This file converts in both directions.
 */
import { isMessage } from "../../lib/messages.ts";

/** The members of stored JSON that hold a pair of texts. */
const TEXT_MEMBERS: ReadonlySet<string> = new Set([
  "blocks",
  "evidence",
  "gains",
  "loses",
  "saying",
  "test",
  "text",
  "title",
  "truth",
  "why",
  "words",
]);

/** Returns the JSON of a value; each message in it becomes a pair. */
export function toStoredJson(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_, member: unknown) => (isMessage(member) ? [member.en, member.zh] : member),
    space,
  );
}

/** Parses stored JSON; each pair of texts in a member for texts becomes a message. */
export function parseStoredJson(json: string): unknown {
  const value: unknown = JSON.parse(json, (name, member: unknown) =>
    TEXT_MEMBERS.has(name) && isPair(member) ? { en: member[0], zh: member[1] } : member,
  );
  return value;
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
