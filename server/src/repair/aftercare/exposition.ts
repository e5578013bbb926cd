/** Prometheus' text form, as far as counting needs it: names, labels and values, one sample a line. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^\s*([a-zA-Z_:][\w:]*)\s*/;
const LABEL = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|(?=\}))/y;
const ESCAPED: Readonly<Record<string, string>> = { n: "\n" };

/** Lines that are no samples, or broken, are passed over: one of them must not hide the others. */
export function parseExposition(text: string): Sample[] {
  return text.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): Sample | undefined {
  const named = NAME.exec(line);
  if (!named?.[1]) return undefined;
  let at = named[0].length;
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    LABEL.lastIndex = at + 1;
    at++;
    for (let label = LABEL.exec(line); label; label = LABEL.exec(line)) {
      labels[label[1] ?? ""] = unescape(label[2] ?? "");
      at = LABEL.lastIndex;
    }
    const closed = /^\s*\}/.exec(line.slice(at));
    if (!closed) return undefined;
    at += closed[0].length;
  } else if (!/\s$/.test(named[0])) return undefined;
  const value = valueOf(/^\s*(\S+)/.exec(line.slice(at))?.[1]);
  return value === undefined ? undefined : { name: named[1], labels, value };
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, letter: string) => ESCAPED[letter] ?? letter);
}

function valueOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const infinite = /^([+-]?)Inf$/i.exec(word);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  const value = Number(word);
  return Number.isNaN(value) && word !== "NaN" ? undefined : value;
}
