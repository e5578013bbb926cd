/** Small parts of the texts of the repair: counts, durations, names, words of a command line. */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";

/** A key and its table; a quote in the name is doubled, as in SQL. */
export function keyName({
  table,
  name,
}: {
  readonly table: string;
  readonly name: string;
}): string {
  return `${table} ${quoteIdentifier(name)}`;
}

/** Keys and their tables, in one line. */
export function keyNames(
  keys: readonly { readonly table: string; readonly name: string }[],
): string {
  return keys.map(keyName).join(", ");
}

/** A number and its noun, as English wants them: 1 key, 2 keys. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** The version of a server, from its number: 180004 is 18.4. */
export function serverVersion(number: number): string {
  return `${Math.floor(number / 10_000)}.${number % 10_000}`;
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
