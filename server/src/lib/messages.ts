/** Text for people. Every text stands in both languages; the edge that shows it chooses one. */
export type Language = "en" | "zh";

/** One text in both languages. The compiler demands both. */
export type Message = Readonly<Record<Language, string>>;

export function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  return "en" in value && "zh" in value && [value.en, value.zh].every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A text as two members of a format that is older than `Message`, such as `rule` and `ruleZh`. */
export function toMembers(name: string, { en, zh }: Message): Readonly<Record<string, string>> {
  return { [name]: en, [`${name}Zh`]: zh };
}

/** Reads such a text; undefined where it is absent. An older row may lack the Chinese. */
export function fromMembers(
  members: Readonly<Record<string, unknown>>,
  name: string,
): Message | undefined {
  const en = members[name];
  const zh = members[`${name}Zh`];
  return isText(en) ? { en, zh: isText(zh) ? zh : en } : undefined;
}

/** Names of the placeholders of a template, such as `path` in "{path} is not a plan file." */
export type Placeholders<Template extends string> =
  Template extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** A value that replaces a placeholder; a message is replaced in the language of its template. */
export type MessageValue = string | number | bigint | Message;

/** Replaces the placeholders of both languages. A placeholder without a value stays visible. */
export function fillMessage(
  { en, zh }: Message,
  values: Readonly<Record<string, MessageValue>>,
): Message {
  const fill = (template: string, language: Language) =>
    template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === "object" ? value[language] : String(value);
    });
  return { en: fill(en, "en"), zh: fill(zh, "zh") };
}

/** A text that is the same in both languages: a name, a number, a line of PostgreSQL. */
export function verbatim(text: string): Message {
  return { en: text, zh: text };
}

/** Stands for an empty list. */
export const NONE: Message = { en: "none", zh: "无" };

/** Several texts as one, such as the reasons of a refusal. */
export function joinMessages(messages: readonly Message[], separator = "; "): Message {
  return {
    en: messages.map(({ en }) => en).join(separator),
    zh: messages.map(({ zh }) => zh).join(separator),
  };
}
