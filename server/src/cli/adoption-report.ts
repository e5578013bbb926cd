/** The output of `newday adopt`: figures for people, long lists as the beginning of a table. */
import type { AdoptionReport } from "../adoption/adopt.ts";

/** Fits on a screen beside the figures; the report file has all of it. */
const ROWS_SHOWN = 10;
/**
 * Columns that people search for come first, names last: Chinese names are wider than their
 * letters.
 */
const COLUMNS = ["merged", "into", "milliseconds", "ownerId", "name"];

type Row = Readonly<Record<string, unknown>>;

export function describeAdoption(
  { part, alreadyAdopted, report }: AdoptionReport,
  dryRun: boolean,
): string {
  const state = alreadyAdopted ? "already adopted" : dryRun ? "would be adopted" : "adopted";
  const lines = Object.entries(report).map(([name, value]) =>
    isTable(value) ? `  ${name}:\n${table(value)}` : `  ${name}: ${shown(value)}\n`,
  );
  return `${part}: ${state}\n${lines.join("")}`;
}

function isTable(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === "object");
}

function table(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const known = COLUMNS.filter((name) => names.includes(name));
  const columns = [...known, ...names.filter((name) => !known.includes(name))];
  const cells = [columns, ...rows.slice(0, ROWS_SHOWN).map((row) => columns.map(cellOf(row)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => (line[at] ?? "").length)));
  const lines = cells.map((line) =>
    `    ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd(),
  );
  const left = rows.length - ROWS_SHOWN;
  if (left > 0) lines.push(`    ... and ${left} more; all of them: newday adopt --report <file>`);
  return `${lines.join("\n")}\n`;
}

function cellOf(row: Row): (name: string) => string {
  return (name) => shown(row[name]);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name} ${shown(member)}`)
    .join(", ");
}
