/** Compares keys and tables with the repair's expectations, and lists side effects. */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { ForeignKeyRow } from "../catalogue/catalogue-queries.ts";
import type { Inspection, ResolvedRule } from "../catalogue/inspection.ts";
import { holdsLongestId } from "../catalogue/probe-search.ts";
import type { PlannedKey } from "../model/plan.ts";
import type { Message } from "../../lib/messages.ts";
import { findEventTriggers, findJoiningViews, findPublications } from "./environment-queries.ts";
import type { Finding, Severity } from "../model/finding.ts";
import type { PreflightInput } from "./preflight.ts";

export async function structureFindings(input: PreflightInput): Promise<Finding[]> {
  const { inspection } = input;
  return [
    ...nothingToDo(inspection),
    ...inspection.otherKeys.map((key) =>
      finding("B21", "block", describeKey(key), { key: key.name, table: key.table }),
    ),
    ...inspection.keys.flatMap(shape),
    ...inspection.rules.flatMap((rule) => uniqueness(inspection, rule)),
    ...inspection.rules.flatMap((rule) => idColumns(inspection, rule)),
    ...inbound(inspection),
    ...partitioned(inspection),
    ...input.keys.flatMap(orphans),
    ...(await surroundings(input)),
  ];
}

function finding(
  id: string,
  severity: Severity,
  evidence: Message | string,
  data: Readonly<Record<string, unknown>> = {},
): Finding {
  return {
    id,
    severity,
    evidence: typeof evidence === "string" ? { en: evidence, zh: evidence } : evidence,
    data,
  };
}

function describeKey(key: Pick<ForeignKeyRow, "name" | "table" | "definition">): string {
  return `${key.table}: ${quoteIdentifier(key.name)} ${key.definition}`;
}

function nothingToDo(inspection: Inspection): Finding[] {
  if (inspection.keys.length > 0) return [];
  return [
    finding(
      "B20",
      "info",
      inspection.adopted
        ? {
            en: `adopted: nothing ties ${inspection.anchorTable} to ${inspection.parentTable}`,
            zh: `已接管：${inspection.anchorTable} 不再与 ${inspection.parentTable} 绑定`,
          }
        : { en: "no foreign key matches the rules", zh: "没有符合规则的外键" },
      { adopted: inspection.adopted },
    ),
  ];
}

function shape(key: ForeignKeyRow): Finding[] {
  const findings: Finding[] = [];
  if (key.columns.length > 1 || key.tableOid === key.referencesOid)
    findings.push(finding("B22", "block", describeKey(key), { key: key.name }));
  else if (key.deferrable || ["n", "d"].includes(key.onDelete))
    findings.push(finding("B22", "warn", describeKey(key), { key: key.name }));
  if (key.onDelete === "c")
    findings.push(finding("W30", "warn", describeKey(key), { key: key.name }));
  if (!key.validated || !key.enforced || key.disabledTriggers > 0)
    findings.push(
      finding("W31", "warn", describeKey(key), {
        key: key.name,
        validated: key.validated,
        enforced: key.enforced,
        disabledTriggers: key.disabledTriggers,
      }),
    );
  return findings;
}

/** UNIQUE alone holds one row per id once the key is gone. */
function uniqueness(inspection: Inspection, { rule, table }: ResolvedRule): Finding[] {
  const indexes = inspection.uniqueIndexes.filter(
    ({ tableOid, full }) => full && tableOid === table.oid,
  );
  const missing: string[] = [];
  if (!indexes.some(({ primary }) => primary)) missing.push("PRIMARY KEY");
  const isUnique = rule.unique === true;
  const single = indexes.some(({ columns }) => columns.length === 1 && columns[0] === rule.column);
  if (isUnique && !single) missing.push(`UNIQUE (${rule.column})`);
  if (missing.length === 0) return [];
  const severity = isUnique ? "block" : "warn";
  const name = `${table.schema}.${table.name}`;
  return [finding("B23", severity, `${name}: ${missing.join(", ")}`, { table: name, missing })];
}

function idColumns(inspection: Inspection, rule: ResolvedRule): Finding[] {
  const column = inspection.columns.find(
    ({ tableOid, number }) => tableOid === rule.table.oid && number === rule.columnNumber,
  );
  if (!column || holdsLongestId(column)) return [];
  const base = column.baseType === column.type ? "" : ` (${column.baseType})`;
  const name = `${rule.table.name}.${column.name} ${column.type}${base}`;
  if (column.category === "N")
    return [finding("B27", "block", name, { table: rule.table.name, column: column.name })];
  return [
    finding("B26", "block", name, {
      table: rule.table.name,
      column: column.name,
      type: column.type,
    }),
  ];
}

/** Keys of other tables into the repaired ones that delete or empty what they point at. */
function inbound(inspection: Inspection): Finding[] {
  const children = new Set(inspection.keys.map(({ tableOid }) => tableOid));
  return inspection.remaining
    .filter((key) => children.has(key.referencesOid) && ["c", "n", "d"].includes(key.onDelete))
    .map((key) => finding("W28", "warn", describeKey(key), { key: key.name }));
}

function partitioned({ partitions, tables }: Inspection): Finding[] {
  return tables.flatMap((table) => {
    const own = partitions.filter(({ rootOid }) => rootOid === table.oid);
    if (own.length === 0) return [];
    const names = own.map(({ name }) => name);
    return [
      finding("W24", "warn", `${table.name}: ${names.join(", ")}`, {
        tableOid: table.oid,
        partitions: names,
      }),
    ];
  });
}

function orphans(key: PlannedKey): Finding[] {
  if (!key.orphans) return [];
  return [
    finding(
      "W34",
      "warn",
      {
        en: `rows of ${key.table} without an owner: ${key.orphans}`,
        zh: `${key.table} 有 ${key.orphans} 行没有所有者`,
      },
      { key: key.name, orphans: key.orphans },
    ),
  ];
}

async function surroundings({ client, inspection }: PreflightInput): Promise<Finding[]> {
  const oids = inspection.tables.map(({ oid }) => oid);
  const views = await findJoiningViews(client, oids);
  const triggers = await findEventTriggers(client);
  const publications = await findPublications(client, oids);
  return [
    ...(views.length > 0 ? [finding("W29", "warn", views.join(", "), { views })] : []),
    ...(triggers.length > 0 ? [finding("W32", "warn", triggers.join(", "), { triggers })] : []),
    ...(publications.length > 0
      ? [finding("W33", "warn", publications.join(", "), { publications })]
      : []),
  ];
}
