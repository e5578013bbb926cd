/** The console's languages. Every text stands in both; the compiler demands it. */
export type Language = "en" | "zh";

/** One text in both languages, in the form of the server's `Message`. */
export type Message = Readonly<Record<Language, string>>;

/** The texts of one screen or component. */
export type Texts = Readonly<Record<string, Message>>;

/** The browser's language; English for readers of any other than Chinese. */
export function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Replaces `{name}` by its value. */
export function fillText(
  template: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return template.replaceAll(/\{(\w+)\}/g, (found, name: string) => String(values[name] ?? found));
}
