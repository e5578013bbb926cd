/** Texts of the repair in the two languages that New Day speaks. */
import type { Language, Message } from "../../lib/messages.ts";

export type Text = readonly [english: string, chinese: string];

export function say(text: Text, language: Language): string {
  return text[language === "zh" ? 1 : 0];
}

/** A text as a value of an error's message. */
export function messageOf([en, zh]: Text): Message {
  return { en, zh };
}

/** A number and its noun, as English wants them: 1 key, 2 keys. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Milliseconds as a person reads them; the unit is part of the text. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** As one word of a command line that a person copies: names have blanks and quotes, too. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
