/** Values that a column may accept: invented ones of its type, and those that its rules name. */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { quoteLiteral } from "../../db/driver/direct-client.ts";
import type { ColumnRow } from "./catalogue-queries.ts";
import { ALPHABETS, randomText, samplePattern, varyText } from "./pattern-sample.ts";

/** Lengths of codes when no rule names one. */
const CODE_LENGTHS = [4, 6, 8, 10, 12, 16, 32];
/** A longer number in a rule is a bound of a value. */
const LENGTH_MAX = 300;
const DAY_MS = 86_400_000;
const YEARS = 200;
const BYTE_LENGTHS = [16, 8, 4, 20, 32, 64];

/** Literals for `column`, the likeliest first; its rules decide which one is accepted. */
export function inventValues(
  column: Pick<ColumnRow, "baseType" | "category">,
  definitions: readonly string[],
): string[] {
  const numbers = numbersOf(definitions);
  const named = literalsOf(definitions);
  const values = [
    ...(/^jsonb?$/.test(column.baseType) ? membersOf(named) : []),
    ...named.flatMap((text) => [text, ...patternsOf(text)]),
    ...numbers.flatMap((number) => [number, number + 1, number - 1].map(String)),
    ...ofType(column, numbers),
  ];
  return [...new Set(values)].map(quoteLiteral);
}

/** The same shapes as these values of real rows, with other letters and digits. */
export function varyValues(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => [
      varyText(text),
      text.replaceAll(/\d/g, () => varyText("0")),
      varyText(text),
    ])
    .map(quoteLiteral);
}

/** The array of one invented element, for an element type that is known. */
function ofType(
  { baseType, category }: Pick<ColumnRow, "baseType" | "category">,
  numbers: readonly number[],
): string[] {
  if (baseType.endsWith("[]")) {
    const element = { baseType: baseType.slice(0, -2), category: "" };
    return [...ofType(element, numbers).map((value) => `{${JSON.stringify(value)}}`), "{}"];
  }
  const name = baseType.replace(/\(.*?\)/, "");
  const [size = 0, scale = 0] = (/\((\d+)(?:,(\d+))?\)/.exec(baseType) ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const special = BY_TYPE[name];
  if (special) return special(size, scale);
  if (category === "S" || /^(text|character|citext|name)/.test(name)) return texts(size, numbers);
  return [...texts(size, numbers), "1", "{}", "empty", "()"];
}

type Invent = (size: number, scale: number) => string[];

const address = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const mac = (bytes: number) => (hex(bytes).match(/../g) ?? []).join(":");
const day = () => new Date(Date.now() + randomInt(365 * YEARS) * DAY_MS);
const date = () => day().toISOString().slice(0, 10);
const moment = () => [day().toISOString(), new Date().toISOString()];
const bits: Invent = (size) => [randomText("01", size || 1)];
const number = (most: number): string[] => [
  String(randomInt(1, most)),
  String(-randomInt(1, most)),
];
/** A range that no other row meets: far away, or empty. */
const ranges = (from: string, to: string) => [`[${from},${to})`, "empty"];
const numberRanges: Invent = () => {
  const from = randomInt(1_000_000, 2_000_000_000);
  return ranges(String(from), String(from + 1));
};
const momentRanges: Invent = () => {
  const from = day();
  return ranges(from.toISOString(), new Date(from.getTime() + 1000).toISOString());
};
const inBraces =
  (invent: Invent): Invent =>
  (size, scale) =>
    invent(size, scale).map((range) => (range === "empty" ? "{}" : `{${range}}`));
const json: Invent = () => {
  const id = randomUUID();
  return [JSON.stringify({ newdayRepairProbe: id }), JSON.stringify([id]), JSON.stringify(id)];
};
const SMALLEST_LIMIT = 32_767;
const INTEGER_LIMIT = 2_147_483_647;
const point = () => `(${randomInt(INTEGER_LIMIT)},${randomInt(INTEGER_LIMIT)})`;
const dateRanges: Invent = () => {
  const from = day();
  const to = new Date(from.getTime() + DAY_MS);
  return ranges(from.toISOString().slice(0, 10), to.toISOString().slice(0, 10));
};

const BY_TYPE: Readonly<Record<string, Invent>> = {
  smallint: () => number(SMALLEST_LIMIT),
  integer: () => number(INTEGER_LIMIT),
  bigint: () => number(2 ** 47),
  numeric: (size, scale) => (size === 0 ? number(INTEGER_LIMIT) : decimals(size - scale, scale)),
  real: () => number(100_000),
  "double precision": () => number(INTEGER_LIMIT),
  money: () => number(INTEGER_LIMIT),
  oid: () => [String(randomInt(1, INTEGER_LIMIT))],
  boolean: () => ["false", "true"],
  uuid: () => [randomUUID()],
  bytea: () => BYTE_LENGTHS.map((length) => String.raw`\x${hex(length)}`),
  bit: bits,
  "bit varying": (size) => bits(Math.min(size || 32, 32), 0),
  date: () => [date(), new Date().toISOString().slice(0, 10), "2000-01-01"],
  "timestamp without time zone": moment,
  "timestamp with time zone": moment,
  "time without time zone": () => [day().toISOString().slice(11, 23)],
  "time with time zone": () => [day().toISOString().slice(11, 23)],
  interval: () => [`${randomInt(1, INTEGER_LIMIT)} seconds`],
  inet: () => [address(), `fd00::${hex(2)}:${hex(2)}`],
  cidr: () => [`${address()}/32`, `fd00::${hex(2)}:${hex(2)}/128`],
  macaddr: () => [mac(6)],
  macaddr8: () => [mac(8)],
  json,
  jsonb: json,
  xml: () => ["<probe/>"],
  point: () => [point()],
  box: () => [`${point()},${point()}`],
  lseg: () => [`${point()},${point()}`],
  path: () => [`[${point()},${point()}]`],
  polygon: () => [`(${point()},${point()},${point()})`],
  circle: () => [`<${point()},1>`],
  tsvector: () => [randomText(ALPHABETS.lower, 20)],
  pg_lsn: () => [`${hex(3)}/${hex(3)}`],
  int4range: numberRanges,
  int8range: numberRanges,
  numrange: numberRanges,
  daterange: dateRanges,
  tsrange: momentRanges,
  tstzrange: momentRanges,
  int4multirange: inBraces(numberRanges),
  int8multirange: inBraces(numberRanges),
  nummultirange: inBraces(numberRanges),
  datemultirange: inBraces(dateRanges),
  tsmultirange: inBraces(momentRanges),
  tstzmultirange: inBraces(momentRanges),
};

function decimals(whole: number, scale: number): string[] {
  const digits = (count: number) => (count > 0 ? randomText(ALPHABETS.digit, count) : "0");
  const value = `${digits(Math.min(whole, 9))}.${digits(scale)}`;
  return [value, `-${value}`];
}

function texts(size: number, numbers: readonly number[]): string[] {
  const longest = size === 0 ? Infinity : size;
  const lengths = [...numbers, ...(size > 0 ? [size] : []), ...CODE_LENGTHS].filter(
    (length) => length > 0 && length <= Math.min(longest, LENGTH_MAX),
  );
  const code = randomText(ALPHABETS.lower, 12);
  const whole = [
    `newday-repair-probe-${randomUUID()}`,
    randomUUID(),
    `newday-repair-probe-${code}@example.com`,
    `https://example.com/${code}`,
    `+1${randomText(ALPHABETS.digit, 10)}`,
  ].filter((text) => text.length <= longest);
  const { upper, digit, lower, hex: hexDigits } = ALPHABETS;
  const codes = [...new Set(lengths)].flatMap((length) =>
    [upper, digit, lower, hexDigits, `${upper}${digit}`].map((of) => randomText(of, length)),
  );
  return [...whole, ...codes];
}

/** Documents with the members that the rules name. */
function membersOf(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [randomUUID(), randomInt(INTEGER_LIMIT)].map((value) =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, value]))),
  );
}

/** Quoted words of printed rules. */
function literalsOf(definitions: readonly string[]): string[] {
  return definitions.flatMap((definition) =>
    [...definition.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) =>
      text.replaceAll("''", "'"),
    ),
  );
}

function numbersOf(definitions: readonly string[]): number[] {
  return definitions.flatMap((definition) => {
    const bare = definition.replaceAll(/'(?:[^']|'')*'/g, (text) =>
      text.replaceAll(/[^\d.,{}]/g, " "),
    );
    return [...bare.matchAll(/(?<![\w.])\d{1,15}(?:\.\d+)?/g)].map(Number);
  });
}

/** A literal is a regular expression or a pattern of LIKE where it has their signs. */
function patternsOf(text: string): string[] {
  const found: (string | undefined)[] = [];
  if (/[[\\(.^$*+?{|]/.test(text))
    found.push(samplePattern(text), samplePattern(text), samplePattern(text));
  if (/[%_]/.test(text))
    found.push(
      text
        .replaceAll("%", () => randomText(ALPHABETS.lower, 12))
        .replaceAll("_", () => randomText(ALPHABETS.lower, 1)),
    );
  return found.filter((sample) => sample !== undefined);
}
