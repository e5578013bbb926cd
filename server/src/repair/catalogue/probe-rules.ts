/**
 * The rules of a table as SQL conditions over a row `v` that does not exist yet.
 *
 * A probe of a row that the table's own rules refuse proves nothing about the key that is gone. So
 * its values are tried here, by queries alone, before any lock is taken.
 */
import type { Queryable } from "../../db/database.ts";
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import { equalSql, readEqualities, type ForeignKeyRow } from "./catalogue-queries.ts";
import type { Inspection } from "./inspection.ts";

export interface TableRule {
  /** The constraint, the index or the condition, for people. */
  readonly name: string;
  /** Columns that the rule reads, those behind generated columns included. */
  readonly columns: readonly string[];
  /** True for a row `v` that the rule accepts. */
  readonly sql: string;
  /** The condition as PostgreSQL prints it; it holds values that are allowed. */
  readonly definition: string;
}

export interface TableRules {
  readonly rules: readonly TableRule[];
  /** Definitions of the domains of a column. */
  readonly domains: ReadonlyMap<string, readonly string[]>;
}

/** Reads the CHECKs, unique indexes, exclusions, partitions and kept foreign keys of a table. */
export async function readTableRules(
  db: Queryable,
  inspection: Inspection,
  table: { readonly oid: number; readonly name: string },
): Promise<TableRules> {
  const sources = await readSources(db, table.oid);
  const behind = (columns: readonly string[]) => [
    ...new Set(columns.flatMap((column) => sources.get(column) ?? [column])),
  ];
  const rules = [
    ...(await readChecks(db, table.oid)),
    ...(await readIndexRules(db, table)),
    ...(await readPartitionRule(db, table.oid)),
    ...(await keyRules(db, inspection, table.oid)),
  ];
  return {
    rules: rules.map((rule) => ({ ...rule, columns: behind(rule.columns) })),
    domains: await readDomains(db, table.oid),
  };
}

/** Whole-row `x` gives the printed expression its bare column names. */
const ROW = "(select v.*) x";

/** The columns that each generated column is made of. */
async function readSources(db: Queryable, table: number): Promise<Map<string, string[]>> {
  const rows = await db.query<{ name: string; sources: string[] }>(
    `select a.attname::text as name, array(
              select s.attname::text from pg_catalog.pg_depend p
                join pg_catalog.pg_attribute s on s.attrelid = d.adrelid and s.attnum = p.refobjsubid
               where p.refclassid = 'pg_catalog.pg_class'::regclass and p.refobjid = d.adrelid
                 and s.attnum <> a.attnum
                 and (p.classid, p.objid) in (('pg_catalog.pg_attrdef'::regclass, d.oid),
                                              ('pg_catalog.pg_class'::regclass, d.adrelid))
                 and (p.objsubid = 0 or p.objsubid = a.attnum)) as sources
       from pg_catalog.pg_attribute a
       join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = $1 and a.attgenerated <> ''`,
    [table],
  );
  return new Map(rows.map(({ name, sources }) => [name, sources]));
}

async function readChecks(db: Queryable, table: number): Promise<TableRule[]> {
  const rows = await db.query<{ name: string; columns: string[]; expression: string }>(
    `select c.conname::text as name, pg_get_expr(c.conbin, c.conrelid) as expression,
            array(select a.attname::text from pg_catalog.pg_attribute a
                   where a.attrelid = c.conrelid and a.attnum = any(c.conkey)) as columns
       from pg_catalog.pg_constraint c
      where c.contype = 'c' and c.conrelid = $1
        and coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)
      order by c.conname`,
    [table],
  );
  return rows.map(({ name, columns, expression }) => ({
    name,
    columns,
    sql: `(select (${expression}) from ${ROW}) is not false`,
    definition: expression,
  }));
}

interface IndexRow {
  readonly name: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
  readonly operators: readonly string[];
  readonly predicate: string | null;
  readonly nullsEqual: boolean;
}

/** Unique and exclusion indexes: no row of the table may conflict with `v`. */
async function readIndexRules(
  db: Queryable,
  table: { readonly oid: number; readonly name: string },
): Promise<TableRule[]> {
  const rows = await db.query<IndexRow>(
    `select x.relname::text as name,
            array(select a.attname::text from pg_catalog.pg_attribute a
                   where a.attrelid = i.indrelid and a.attnum > 0
                     and (a.attnum = any(i.indkey::int2[]) or exists (
                       select from pg_catalog.pg_depend d
                        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = i.indexrelid
                          and d.refobjid = i.indrelid and d.refobjsubid = a.attnum))) as columns,
            array(select pg_get_indexdef(i.indexrelid, k, false)
                    from generate_series(1, i.indnkeyatts) k order by k) as keys,
            array(select format('operator(%I.%s)', n.nspname, o.oprname)
                    from generate_series(1, i.indnkeyatts) k
                    join pg_catalog.pg_operator o on o.oid = coalesce(c.conexclop[k], (
                      select e.amopopr from pg_catalog.pg_opclass f
                        join pg_catalog.pg_amop e on e.amopfamily = f.opcfamily
                         and e.amopmethod = f.opcmethod and e.amopstrategy = 3
                         and e.amoplefttype = f.opcintype and e.amoprighttype = f.opcintype
                       where f.oid = i.indclass[k - 1]))
                    join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
                   order by k) as operators,
            pg_get_expr(i.indpred, i.indrelid) as predicate,
            coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as "nullsEqual"
       from pg_catalog.pg_index i
       join pg_catalog.pg_class x on x.oid = i.indexrelid
       left join pg_catalog.pg_constraint c on c.conindid = i.indexrelid and c.conrelid = i.indrelid
        and c.contype in ('p', 'u', 'x')
      where i.indrelid = $1 and i.indisready and (i.indisunique or i.indisexclusion)
      order by x.relname`,
    [table.oid],
  );
  return rows
    .filter(({ keys, operators }) => keys.length === operators.length)
    .map((row) => indexRule(row, table.name));
}

function indexRule(row: IndexRow, table: string): TableRule {
  const { name, columns, keys, operators, predicate, nullsEqual } = row;
  const list = keys.map((key, at) => `(${key}) as k${at}`).join(", ");
  const where = predicate === null ? "" : ` where ${predicate}`;
  const pairs = operators.map((operator, at) => {
    const equal = `t.k${at} ${operator} u.k${at}`;
    return nullsEqual ? `(${equal} or (t.k${at} is null and u.k${at} is null))` : equal;
  });
  return {
    name,
    columns,
    sql: `not exists (select from (select ${list} from ${table}${where}) t,
      (select ${list} from ${ROW}${where}) u where ${pairs.join(" and ")})`,
    definition: predicate ?? "",
  };
}

/** A row of a partitioned table must belong to one of its partitions. */
async function readPartitionRule(db: Queryable, table: number): Promise<TableRule[]> {
  const rows = await db.query<{ bound: string | null; columns: string[] }>(
    `select pg_get_partition_constraintdef(i.inhrelid) as bound,
            array(select a.attname::text from pg_catalog.pg_attribute a
                   where a.attrelid = p.partrelid and a.attnum = any(p.partattrs::int2[])) as columns
       from pg_catalog.pg_inherits i
       join pg_catalog.pg_partitioned_table p on p.partrelid = i.inhparent
      where i.inhparent = $1`,
    [table],
  );
  if (rows.length === 0 || rows.some(({ bound }) => bound === null)) return [];
  const bounds = rows.map(({ bound }) => `(${bound})`).join(" or ");
  return [
    {
      name: "partitions",
      columns: rows[0]?.columns ?? [],
      sql: `(select ${bounds} from ${ROW}) is true`,
      definition: bounds,
    },
  ];
}

/** Keys that stay need their row; keys that go must have none, or the probe is of a known user. */
async function keyRules(
  db: Queryable,
  { keys, remaining }: Inspection,
  table: number,
): Promise<TableRule[]> {
  const rules: TableRule[] = [];
  for (const key of [...keys, ...remaining].filter(({ tableOid }) => tableOid === table)) {
    const found = `exists (select from ${key.references} p where ${await matchSql(db, key)})`;
    const isPartial = key.columns.map((column) => `v.${quoteIdentifier(column)} is null`);
    rules.push({
      name: key.name,
      columns: key.columns,
      sql: keys.includes(key) ? `not ${found}` : `(${isPartial.join(" or ")} or ${found})`,
      definition: "",
    });
  }
  return rules;
}

async function matchSql(db: Queryable, key: ForeignKeyRow): Promise<string> {
  const parents = key.referencedColumns.map(quoteIdentifier);
  const equalities = await readEqualities(db, key.references, parents);
  const pairs = key.columns.map((column, at) =>
    equalSql(equalities, at, {
      parent: `p.${parents[at] ?? ""}`,
      child: `v.${quoteIdentifier(column)}`,
    }),
  );
  return pairs.join(" and ");
}

async function readDomains(
  db: Queryable,
  table: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db.query<{ name: string; definitions: string[] }>(
    `with recursive chain(name, type) as (
       select a.attname::text, a.atttypid from pg_catalog.pg_attribute a
        where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
       union all
       select c.name, t.typbasetype from chain c
         join pg_catalog.pg_type t on t.oid = c.type and t.typtype = 'd')
     select c.name, array_agg(pg_get_constraintdef(k.oid)) as definitions
       from chain c join pg_catalog.pg_constraint k on k.contypid = c.type and k.contype = 'c'
      group by c.name`,
    [table],
  );
  return new Map(rows.map(({ name, definitions }) => [name, definitions]));
}
