/**
 * The present state as a repair sees it: the repair's declaration resolved against one database.
 *
 * Names are used once, here. The result consists of oids, qualified names and quoted identifiers.
 * So capitals, quotes and Unicode in a name are harmless.
 */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { Queryable } from "../../db/database.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { tablesOf, type KeyRule, type RepairDefinition } from "../model/definition.ts";
import {
  findColumns,
  findForeignKeys,
  findPartitions,
  findRelations,
  findUniqueIndexes,
  type ColumnRow,
  type ForeignKeyRow,
  type PartitionRow,
  type RelationRow,
  type UniqueIndexRow,
} from "./catalogue-queries.ts";
import { readStructureDigest, readStructureLines } from "./structure-digest.ts";
import type { Message } from "../../lib/messages.ts";

/** A rule whose table and column exist here. */
export interface ResolvedRule {
  readonly rule: KeyRule;
  readonly table: RelationRow;
  readonly references: RelationRow;
  readonly columnNumber: number;
}

export interface Inspection {
  readonly schema: string;
  readonly anchorTable: string;
  readonly parentTable: string;
  /** New Day has adopted this database: the anchor table is a view over its own, free of keys. */
  readonly adopted: boolean;
  readonly tables: readonly RelationRow[];
  readonly rules: readonly ResolvedRule[];
  /** Rules without a table or column here. */
  readonly absent: readonly KeyRule[];
  /** The keys that the repair drops: every match of every rule. */
  readonly keys: readonly ForeignKeyRow[];
  /**
   * Keys on a rule's column that every rule leaves out: to another table, or of one partition
   * alone.
   */
  readonly otherKeys: readonly ForeignKeyRow[];
  /** All other foreign keys of and to these tables: they stay. */
  readonly remaining: readonly ForeignKeyRow[];
  readonly uniqueIndexes: readonly UniqueIndexRow[];
  readonly columns: readonly ColumnRow[];
  readonly partitions: readonly PartitionRow[];
  readonly digest: string;
  /** What the digest is made of. */
  readonly structure: readonly string[];
}

/** Schema in which New Day keeps its own tables; a repair must be pointed at it explicitly. */
const OWN_SCHEMA = "newday";
/** New Day's own table of wallets; a release before migration 69 called it `wallets`. */
const OWN_WALLETS = ["ledger_wallets", "wallets"];

/**
 * Inspects the database. `schema` is only needed when several schemas hold the tables. Throws
 * `repair_refused` (finding B04) for a database unknown to the repair.
 */
export async function inspect(
  db: Queryable,
  repair: RepairDefinition,
  schema?: string,
): Promise<Inspection> {
  const found = await findRelations(db, tablesOf(repair));
  const chosen = schema ?? chooseSchema(found, repair);
  const relations = found.filter((relation) => relation.schema === chosen);
  const adopted = await isAdopted(db, relations, repair);
  if (!adopted) refuseUnknown(relations, repair, chosen);
  const tables = relations.filter(({ kind }) => kind === "r" || kind === "p");
  const oids = tables.map(({ oid }) => oid);
  const columns = await findColumns(db, oids);
  const rules = repair.keys.flatMap((rule) => resolveRule(rule, tables, columns));
  const partitions = await findPartitions(db, oids);
  const all = await findForeignKeys(db, [...oids, ...partitions.map(({ oid }) => oid)]);
  const keys = all.filter((key) => rules.some((rule) => matches(key, rule)));
  const digestOf = [oids, keys.map(({ oid }) => oid)] as const;
  const otherKeys = all.filter((key) => !keys.includes(key) && isOtherKey(key, rules, partitions));
  return {
    schema: chosen,
    anchorTable: repair.anchorTable,
    parentTable: repair.parentTable,
    adopted,
    tables,
    rules,
    absent: repair.keys.filter((rule) => !rules.some((resolved) => resolved.rule === rule)),
    keys,
    otherKeys,
    remaining: all.filter((key) => !keys.includes(key) && !otherKeys.includes(key)),
    uniqueIndexes: await findUniqueIndexes(db, oids),
    columns,
    partitions,
    digest: await readStructureDigest(db, ...digestOf),
    structure: await readStructureLines(db, ...digestOf),
  };
}

/** The relations whose locks the drop takes: both ends of each key, with every partition. */
export function lockedRelations(
  inspection: Pick<Inspection, "keys" | "partitions">,
): { oid: number; name: string }[] {
  const ends = [
    ...inspection.keys.map((key) => ({ oid: key.tableOid, name: key.table })),
    // Last, as in the order in which an INSERT meets them: the child first, then its parent.
    ...inspection.keys.map((key) => ({ oid: key.referencesOid, name: key.references })),
  ];
  const unique = ends.filter((end, at) => ends.findIndex(({ oid }) => oid === end.oid) === at);
  return unique.flatMap((end) => [
    end,
    ...inspection.partitions.filter(({ rootOid }) => rootOid === end.oid),
  ]);
}

/** Quoted names of a key's columns on both ends, for the anti-join. */
export function quotedColumns(key: ForeignKeyRow) {
  return {
    table: key.table,
    references: key.references,
    quotedColumns: key.columns.map(quoteIdentifier),
    quotedReferencedColumns: key.referencedColumns.map(quoteIdentifier),
  };
}

function chooseSchema(found: readonly RelationRow[], repair: RepairDefinition): string {
  const has = (schema: string, table: string) =>
    found.some((relation) => relation.schema === schema && relation.name === table);
  const schemas = [...new Set(found.map((relation) => relation.schema))].filter(
    (schema) =>
      schema !== OWN_SCHEMA && has(schema, repair.anchorTable) && has(schema, repair.parentTable),
  );
  const [only, second] = withoutViews(schemas, found);
  if (only !== undefined && second === undefined) return only;
  if (only === undefined) throw notThisDatabase(repair, found);
  throw refusal(
    "schema_ambiguous",
    { schemas: schemas.join(", "), anchor: repair.anchorTable, parent: repair.parentTable },
    { details: { finding: "B04", schemas } },
  );
}

/** Views of both tables, in a schema beside theirs, are another way to the same rows. */
function withoutViews(schemas: readonly string[], found: readonly RelationRow[]): string[] {
  const isOfViews = (schema: string) =>
    found.every((relation) => relation.schema !== schema || relation.kind === "v");
  const ofTables = schemas.filter((schema) => !isOfViews(schema));
  return ofTables.length > 0 ? ofTables : [...schemas];
}

const NO_TABLE: Message = { en: "none of them", zh: "均无" };

function notThisDatabase(repair: RepairDefinition, found: readonly RelationRow[]): NewDayError {
  const seen = found.map(({ schema, name }) => `${schema}.${name}`).join(", ");
  return refusal(
    "tables_missing",
    { anchor: repair.anchorTable, parent: repair.parentTable, seen: seen || NO_TABLE },
    { details: { finding: "B04", seen: seen || NO_TABLE.en } },
  );
}

async function isAdopted(
  db: Queryable,
  relations: readonly RelationRow[],
  repair: RepairDefinition,
): Promise<boolean> {
  if (relations.find(({ name }) => name === repair.anchorTable)?.kind !== "v") return false;
  const own = await findRelations(db, OWN_WALLETS);
  return own.some(({ schema, kind }) => schema === OWN_SCHEMA && kind === "r");
}

function refuseUnknown(
  relations: readonly RelationRow[],
  repair: RepairDefinition,
  schema: string,
): void {
  for (const name of [repair.anchorTable, repair.parentTable]) {
    const relation = relations.find((candidate) => candidate.name === name);
    if (relation?.kind === "r" || relation?.kind === "p") continue;
    throw refusal(
      relation ? "relation_not_a_table" : "relation_missing",
      { relation: `${schema}.${name}` },
      { details: { finding: "B04", relation: `${schema}.${name}`, kind: relation?.kind } },
    );
  }
}

function resolveRule(
  rule: KeyRule,
  tables: readonly RelationRow[],
  columns: readonly ColumnRow[],
): ResolvedRule[] {
  const table = tables.find(({ name }) => name === rule.table);
  const references = tables.find(({ name }) => name === rule.references);
  const column = columns.find(
    (candidate) => candidate.tableOid === table?.oid && candidate.name === rule.column,
  );
  if (!table || !references || !column) return [];
  return [{ rule, table, references, columnNumber: column.number }];
}

function matches(key: ForeignKeyRow, { rule, table, references }: ResolvedRule): boolean {
  return (
    key.tableOid === table.oid &&
    key.referencesOid === references.oid &&
    key.columns.includes(rule.column)
  );
}

/** A partition may have a key of its own, which refuses rows for that partition. */
function isOtherKey(
  key: ForeignKeyRow,
  rules: readonly ResolvedRule[],
  partitions: readonly PartitionRow[],
): boolean {
  const root = partitions.find(({ oid }) => oid === key.tableOid)?.rootOid ?? key.tableOid;
  return rules.some(({ rule, table }) => root === table.oid && key.columns.includes(rule.column));
}
