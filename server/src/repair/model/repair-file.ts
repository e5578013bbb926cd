/** Reads a repair from a JSON file of the shape of `RepairDefinition`. */
import { readFileSync } from "node:fs";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import type { RepairDefinition } from "./definition.ts";
import { parseStoredJson } from "./stored-text.ts";
import { isMessage } from "../../lib/messages.ts";

/** Ids stand in file names, in `--repair` and in the journal. */
const ID = /^[a-z][a-z0-9-]{0,62}$/;

/** Throws `repair_usage` that names the first field that is wrong and its rule. */
export function readRepairFile(path: string): RepairDefinition {
  const value = parse(path);
  const problem = problemOf(value);
  if (problem !== undefined) throw invalid(path, problem);
  return value as unknown as RepairDefinition;
}

type Fields = Readonly<Record<string, unknown>>;

function parse(path: string): Fields {
  try {
    const value: unknown = parseStoredJson(readFileSync(path, "utf8"));
    if (isFields(value)) return value;
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : String(cause));
  }
  throw invalid(path, "it must hold one JSON object");
}

function problemOf(repair: Fields): string | undefined {
  if (!isName(repair["id"]) || !ID.test(repair["id"]))
    return "id must be lower case letters, digits and hyphens, at most 63";
  if (!Number.isSafeInteger(repair["version"])) return "version must be a whole number";
  const { partner, smoke } = repair;
  return (
    missingText(repair, ["title"], "") ??
    missingName(repair, ["anchorTable", "parentTable"], "") ??
    (isFields(partner)
      ? missingText(partner, ["gains", "test", "loses"], "partner.")
      : "partner must be an object with gains, test and loses") ??
    (smoke === undefined || isFields(smoke)
      ? smoke && missingName(smoke, ["table", "column"], "smoke.")
      : "smoke must be an object with table and column") ??
    problemOfKeys(repair["keys"]) ??
    problemOfRows(repair["rows"]) ??
    problemOfProbeValues(repair["probeValues"] ?? [])
  );
}

function problemOfKeys(keys: unknown): string | undefined {
  if (!Array.isArray(keys) || keys.length === 0) return "keys must be a list of at least one key";
  return firstProblem(keys, (key, at) => {
    const unique = key["unique"];
    if (unique !== undefined && typeof unique !== "boolean")
      return `keys[${at}].unique must be true or false`;
    return (
      missingName(key, ["table", "column", "references"], `keys[${at}].`) ??
      missingText(key, ["blocks"], `keys[${at}].`)
    );
  });
}

function problemOfRows(rows: unknown): string | undefined {
  if (!Array.isArray(rows)) return "rows must be a list; it may be empty";
  return firstProblem(rows, (row, at) => {
    const { key, values } = row;
    const isKnown = isFields(values) && isName(key) && key in values;
    return (
      missingName(row, ["table", "key"], `rows[${at}].`) ??
      (isKnown ? undefined : `rows[${at}].values must hold the key`) ??
      missingText(row, ["why"], `rows[${at}].`)
    );
  });
}

function problemOfProbeValues(values: unknown): string | undefined {
  if (!Array.isArray(values)) return "probeValues must be a list";
  return firstProblem(values, (value, at) =>
    missingName(value, ["table", "column", "value"], `probeValues[${at}].`),
  );
}

function firstProblem(
  items: readonly unknown[],
  check: (item: Fields, at: number) => string | undefined,
): string | undefined {
  for (const [at, item] of items.entries()) {
    const problem = isFields(item) ? check(item, at) : `entry ${at} must be an object`;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function missingName(of: Fields, names: readonly string[], prefix: string): string | undefined {
  const name = names.find((each) => !isName(of[each]));
  return name && `${prefix}${name} must be a name`;
}

function missingText(of: Fields, names: readonly string[], prefix: string): string | undefined {
  const name = names.find((each) => {
    const text = of[each];
    return !isMessage(text) || text.en === "" || text.zh === "";
  });
  return name && `${prefix}${name} must be a pair of texts, English and Chinese`;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(path: string, problem: string): NewDayError {
  return refusal(
    "repair_file_invalid",
    { path, problem },
    { details: { option: "--repair-file", path } },
  );
}
