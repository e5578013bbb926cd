/**
 * Compares two structures: differences that change a repair's behaviour, and differences of names.
 */
import type { StructureDocument } from "./structure-document.ts";
import type { StructureRow } from "./structure-queries.ts";

/**
 * `blocking`: a plan verified in one place is unverified in the other. `name-only`: an equal object
 * under another name; a repair matches structure. `version-only`: two PostgreSQL versions print the
 * same expression differently.
 */
export type DifferenceClass = "blocking" | "name-only" | "version-only";

export interface Difference {
  readonly class: DifferenceClass;
  readonly table: string;
  readonly kind: StructureRow["kind"];
  /** Each side's object; undefined for a missing one. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}

const WEIGHT: Readonly<Record<DifferenceClass, number>> = {
  blocking: 0,
  "version-only": 1,
  "name-only": 2,
};

export function compareStructures(left: StructureDocument, right: StructureDocument): Difference[] {
  const acrossVersions = left.major !== right.major;
  const others = [...right.rows];
  const differences: Difference[] = [];
  const unmatched: StructureRow[] = [];
  for (const row of left.rows) {
    const at = others.findIndex((other) => sameThing(row, other) && row.label === other.label);
    const found = at >= 0 ? at : others.findIndex((other) => sameThing(row, other));
    const [other] = found >= 0 ? others.splice(found, 1) : [];
    if (!other) unmatched.push(row);
    else if (row.detail !== other.detail)
      differences.push(difference(detailClass(row, other, acrossVersions), row, other));
    else if (row.label !== other.label) differences.push(difference("name-only", row, other));
  }
  differences.push(...pairLeftovers(unmatched, others, acrossVersions));
  return differences.toSorted(
    (a, b) => WEIGHT[a.class] - WEIGHT[b.class] || a.table.localeCompare(b.table),
  );
}

function sameThing(a: StructureRow, b: StructureRow): boolean {
  return a.table === b.table && a.kind === b.kind && a.key === b.key;
}

/** Two versions may print a key's expressions differently; the objects are equal then. */
function pairLeftovers(
  left: readonly StructureRow[],
  right: readonly StructureRow[],
  acrossVersions: boolean,
): Difference[] {
  const rest = [...right];
  const differences = left.map((row) => {
    const at = rest.findIndex(
      (other) =>
        acrossVersions &&
        row.table === other.table &&
        row.kind === other.kind &&
        normal(row.key) === normal(other.key) &&
        normal(row.detail) === normal(other.detail),
    );
    const [other] = at >= 0 ? rest.splice(at, 1) : [];
    return difference(other ? "version-only" : "blocking", row, other);
  });
  return [...differences, ...rest.map((other) => difference("blocking", undefined, other))];
}

function detailClass(a: StructureRow, b: StructureRow, acrossVersions: boolean): DifferenceClass {
  return acrossVersions && normal(a.detail) === normal(b.detail) ? "version-only" : "blocking";
}

/** Normalised: casts, parentheses, white space and letter case differ by version. */
function normal(text: string): string {
  return text
    .replaceAll(/::[a-z_ ]+(\(\d+\))?(\[\])?/gi, "")
    .replaceAll(/[()\s]/g, "")
    .toLowerCase();
}

function difference(
  kind: DifferenceClass,
  left: StructureRow | undefined,
  right: StructureRow | undefined,
): Difference {
  const row = left ?? right;
  return {
    class: kind,
    table: row?.table ?? "",
    kind: row?.kind ?? "table",
    left: describe(left),
    right: describe(right),
  };
}

function describe(row: StructureRow | undefined): string | undefined {
  if (!row) return undefined;
  const name = row.label === "" ? "" : ` "${row.label}"`;
  return `${row.key}${name} ${row.detail}`.trim();
}
