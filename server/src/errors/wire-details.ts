/**
 * Details of an error in replies, `--json` lines and stored outcomes: each text as two members,
 * such as `rule` and `ruleZh`. These formats are older than `Message`.
 */
import { fromMembers, isMessage, toMembers, type Message } from "../lib/messages.ts";

type Members<Fact> = Readonly<Record<string, Fact>>;

type TextName = "rule" | "remedy";

/** Returns the details with two members, English and Chinese, for each text. */
export function toWireDetails<Fact>(details: Members<Fact>): Members<Fact | string> {
  const { rule, remedy, ...facts } = details;
  return { ...facts, ...membersOf("rule", rule), ...membersOf("remedy", remedy) };
}

function membersOf<Fact>(name: TextName, text: Fact | undefined): Members<Fact | string> {
  if (text === undefined) return {};
  return isMessage(text) ? toMembers(name, text) : { [name]: text };
}

/** Returns stored details with one member for each text. An older row may lack the Chinese. */
export function fromWireDetails<Fact>(
  stored: Members<Fact>,
): Members<Fact | Message> & { readonly [Name in TextName]?: Message } {
  const { rule: _, ruleZh: _zh, remedy: __, remedyZh: __zh, ...facts } = stored;
  const rule = fromMembers(stored, "rule");
  const remedy = fromMembers(stored, "remedy");
  return { ...facts, ...(rule && { rule }), ...(remedy && { remedy }) };
}
