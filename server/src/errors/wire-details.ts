/**
 * Details of an error in replies, `--json` lines and stored outcomes: each text as two members,
 * such as `rule` and `ruleZh`. These formats are older than `Message`.
 */
import { isMessage, type Message } from "../lib/messages.ts";

type Members<Fact> = Readonly<Record<string, Fact>>;

type TextName = "rule" | "remedy";

/** Returns the details with two members, English and Chinese, for each text. */
export function toWireDetails<Fact>(details: Members<Fact>): Members<Fact | string> {
  const { rule, remedy, ...facts } = details;
  return { ...facts, ...membersOf("rule", rule), ...membersOf("remedy", remedy) };
}

function membersOf<Fact>(name: TextName, text: Fact | undefined): Members<Fact | string> {
  if (text === undefined) return {};
  return isMessage(text) ? { [name]: text.en, [`${name}Zh`]: text.zh } : { [name]: text };
}

/** Returns stored details with one member for each text. An older row may lack the Chinese. */
export function fromWireDetails<Fact>(
  stored: Members<Fact>,
): Members<Fact | Message> & { readonly [Name in TextName]?: Message } {
  const { rule, ruleZh, remedy, remedyZh, ...facts } = stored;
  return { ...facts, ...textOf("rule", rule, ruleZh), ...textOf("remedy", remedy, remedyZh) };
}

function textOf(name: TextName, en: unknown, zh: unknown): { readonly [N in TextName]?: Message } {
  if (typeof en !== "string") return {};
  return { [name]: { en, zh: typeof zh === "string" ? zh : en } };
}
