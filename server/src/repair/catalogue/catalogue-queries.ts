/**
 * The system catalogue's view of a repair's tables.
 *
 * Only `pg_catalog` is read: `information_schema` hides constraints from roles that do not own the
 * table, so that its "no rows" is worthless. Names are resolved once, here; afterwards every object
 * is identified by oid. Callers pin `search_path` empty, which makes every printed name qualified.
 */
import type { Queryable } from "../../db/database.ts";

export interface RelationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `pg_class.relkind`: r table, p partitioned, v view, m materialised view, f foreign table. */
  readonly kind: string;
  readonly owner: string;
  readonly mayAlter: boolean;
  /** LOCK TABLE in a mode above ROW EXCLUSIVE asks for one of these rights. */
  readonly mayLock: boolean;
  readonly mayReference: boolean;
  readonly rowSecurity: boolean;
  /** Row security holds for the table's owner too. */
  readonly forcesRowSecurity: boolean;
  readonly estimatedRows: number;
  readonly bytes: number;
}

/** Relations with one of these names, in every schema that people may make. */
export function findRelations(db: Queryable, names: readonly string[]): Promise<RelationRow[]> {
  return db.query<RelationRow>(
    `select c.oid::int8::float8 as oid, n.nspname::text as schema, c.relname::text as name,
            c.relkind::text as kind, pg_get_userbyid(c.relowner)::text as owner,
            pg_has_role(c.relowner, 'USAGE') as "mayAlter",
            c.relkind in ('r', 'p') and (
              has_table_privilege(c.oid, 'UPDATE') or has_table_privilege(c.oid, 'DELETE')
              or has_table_privilege(c.oid, 'TRUNCATE')) as "mayLock",
            has_table_privilege(c.oid, 'REFERENCES') as "mayReference",
            c.relrowsecurity as "rowSecurity",
            c.relrowsecurity and c.relforcerowsecurity as "forcesRowSecurity",
            greatest(c.reltuples, 0)::float8 as "estimatedRows",
            case when c.relkind in ('r', 'm')
                 then pg_total_relation_size(c.oid)::float8 else 0::float8 end as bytes
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relname::text = any($1::text[])
        and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      order by n.nspname <> 'public', n.nspname, c.relname`,
    [names],
  );
}

export interface ForeignKeyRow {
  readonly oid: number;
  readonly name: string;
  readonly tableOid: number;
  readonly table: string;
  readonly columns: readonly string[];
  readonly referencesOid: number;
  readonly references: string;
  readonly referencedColumns: readonly string[];
  /** `pg_get_constraintdef` with an empty search path: complete except for name and comment. */
  readonly definition: string;
  readonly onDelete: string;
  readonly validated: boolean;
  readonly deferrable: boolean;
  /** PostgreSQL 18 knows NOT ENFORCED; older servers enforce always. */
  readonly enforced: boolean;
  readonly comment: string | null;
  /** Number of its internal triggers that are disabled for ordinary sessions. */
  readonly disabledTriggers: number;
}

/** Foreign keys *of* or *to* these tables, inherited ones of partitions left out. */
export function findForeignKeys(
  db: Queryable,
  tableOids: readonly number[],
): Promise<ForeignKeyRow[]> {
  return db.query<ForeignKeyRow>(
    `select c.oid::int8::float8 as oid, c.conname::text as name,
            c.conrelid::int8::float8 as "tableOid", c.conrelid::regclass::text as "table",
            array(select a.attname::text from unnest(c.conkey) with ordinality k(num, pos)
                    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num
                   order by k.pos) as columns,
            c.confrelid::int8::float8 as "referencesOid",
            c.confrelid::regclass::text as "references",
            array(select a.attname::text from unnest(c.confkey) with ordinality k(num, pos)
                    join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.num
                   order by k.pos) as "referencedColumns",
            pg_get_constraintdef(c.oid) as definition, c.confdeltype::text as "onDelete",
            c.convalidated as validated, c.condeferrable as deferrable,
            coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) as enforced,
            obj_description(c.oid, 'pg_constraint') as comment,
            (select count(*) from pg_catalog.pg_trigger t
              where t.tgconstraint = c.oid and t.tgenabled not in ('O', 'A'))::int
              as "disabledTriggers"
       from pg_catalog.pg_constraint c
      where c.contype = 'f' and c.conparentid = 0
        and (c.conrelid = any($1::oid[]) or c.confrelid = any($1::oid[]))
      order by c.oid`,
    [tableOids],
  );
}

export interface KeyName {
  readonly table: string;
  readonly name: string;
}

/**
 * Names of the keys that the rules match, read without a lock on any table; any schema by default.
 */
export function findKeyNames(
  db: Queryable,
  rules: readonly {
    readonly table: string;
    readonly column: string;
    readonly references: string;
  }[],
  schema?: string,
): Promise<KeyName[]> {
  return db.query<KeyName>(
    `select c.conrelid::regclass::text as "table", c.conname::text as name
       from pg_catalog.pg_constraint c
       join pg_catalog.pg_class t on t.oid = c.conrelid
       join pg_catalog.pg_class p on p.oid = c.confrelid and p.relnamespace = t.relnamespace
       join pg_catalog.pg_namespace n on n.oid = t.relnamespace
      where c.contype = 'f' and c.conparentid = 0
        and n.nspname::text = coalesce($1, n.nspname::text) and n.nspname <> 'newday'
        and exists (select from unnest($2::text[], $3::text[], $4::text[]) r(tbl, col, ref)
                      join pg_catalog.pg_attribute a
                        on a.attrelid = c.conrelid and a.attname::text = r.col
                     where a.attnum = any(c.conkey)
                       and t.relname::text = r.tbl and p.relname::text = r.ref)
      order by c.oid`,
    [
      schema ?? null,
      rules.map(({ table }) => table),
      rules.map(({ column }) => column),
      rules.map(({ references }) => references),
    ],
  );
}

export interface UniqueIndexRow {
  readonly oid: number;
  readonly name: string;
  readonly tableOid: number;
  readonly primary: boolean;
  readonly columns: readonly string[];
  readonly definition: string;
  /** Valid, ready, over plain columns and without a predicate: it holds for every row. */
  readonly full: boolean;
}

/** The unique indexes of these tables, whether a constraint owns them or not. */
export function findUniqueIndexes(
  db: Queryable,
  tableOids: readonly number[],
): Promise<UniqueIndexRow[]> {
  return db.query<UniqueIndexRow>(
    `select i.indexrelid::int8::float8 as oid, x.relname::text as name,
            i.indrelid::int8::float8 as "tableOid", i.indisprimary as primary,
            array(select a.attname::text
                    from unnest(i.indkey::int2[]) with ordinality k(num, pos)
                    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num
                   where k.pos <= i.indnkeyatts order by k.pos) as columns,
            pg_get_indexdef(i.indexrelid) as definition,
            (i.indisvalid and i.indisready and i.indpred is null and i.indexprs is null) as "full"
       from pg_catalog.pg_index i
       join pg_catalog.pg_class x on x.oid = i.indexrelid
      where i.indisunique and i.indrelid = any($1::oid[])
      order by i.indrelid, i.indexrelid`,
    [tableOids],
  );
}

export interface ColumnRow {
  readonly tableOid: number;
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** The type at the bottom of a domain, which holds the length; else the same as `type`. */
  readonly baseType: string;
  /** `pg_type.typcategory`: S text, N number, U other (uuid, jsonb), E enum. */
  readonly category: string;
  /** An INSERT that omits it fails. */
  readonly needsValue: boolean;
  /** The default's expression; null without one. */
  readonly defaultSql: string | null;
  /** Always the value of an expression; an INSERT must omit it. */
  readonly isComputed: boolean;
  /** Its ids come from a sequence. */
  readonly isNumbered: boolean;
  /** NOT NULL. */
  readonly isRequired: boolean;
  /** The expression of a computed column. */
  readonly computedSql: string | null;
  /** ` collate SCHEMA.NAME`, or empty for a type without collations. */
  readonly collation: string;
}

export function findColumns(db: Queryable, tableOids: readonly number[]): Promise<ColumnRow[]> {
  return db.query<ColumnRow>(
    `select a.attrelid::int8::float8 as "tableOid", a.attnum::int as number,
            a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
            (with recursive base(oid, modifier) as (
               select a.atttypid, a.atttypmod
               union all
               select d.typbasetype, d.typtypmod from pg_catalog.pg_type d
                 join base on d.oid = base.oid and d.typtype = 'd')
             select format_type(b.oid, b.modifier) from base b
               join pg_catalog.pg_type e on e.oid = b.oid and e.typtype <> 'd') as "baseType",
            t.typcategory::text as category,
            ((a.attnotnull or t.typnotnull and t.typdefault is null)
              and not a.atthasdef and a.attidentity = '' and a.attgenerated = '') as "needsValue",
            (select pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d
              where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated = '')
              as "defaultSql",
            a.attgenerated <> '' as "isComputed",
            a.attidentity <> '' or exists (select from pg_catalog.pg_attrdef d
              where d.adrelid = a.attrelid and d.adnum = a.attnum
                and pg_get_expr(d.adbin, d.adrelid) like '%nextval(%') as "isNumbered",
            a.attnotnull as "isRequired",
            (select pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d
              where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated <> '')
              as "computedSql",
            coalesce((select format(' collate %I.%I', n.nspname, l.collname)
                        from pg_catalog.pg_collation l
                        join pg_catalog.pg_namespace n on n.oid = l.collnamespace
                       where l.oid = a.attcollation), '') as collation
       from pg_catalog.pg_attribute a
       join pg_catalog.pg_type t on t.oid = a.atttypid
      where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
      order by a.attrelid, a.attnum`,
    [tableOids],
  );
}

export interface PartitionRow {
  readonly rootOid: number;
  readonly oid: number;
  readonly name: string;
}

/** The partitions at every depth of these tables, without the tables themselves. */
export function findPartitions(
  db: Queryable,
  tableOids: readonly number[],
): Promise<PartitionRow[]> {
  return db.query<PartitionRow>(
    `select root.oid::int8::float8 as "rootOid", p.relid::oid::int8::float8 as oid,
            p.relid::text as name
       from unnest($1::oid[]) root(oid)
      cross join lateral pg_partition_tree(root.oid::regclass) p
      where p.relid::oid <> root.oid
      order by root.oid, p.relid::oid`,
    [tableOids],
  );
}

/** How a referenced column compares with a referencing one: SQL to write between and behind them. */
export interface KeyEquality {
  readonly operator: string;
  readonly collation: string;
}

/**
 * The operator of the unique index and the collation of each referenced column, as the foreign key
 * itself compares. A bare `=` under an empty search path would compare citext as plain text.
 * `references` is qualified and quoted, the columns are quoted.
 */
export async function readEqualities(
  db: Queryable,
  references: string,
  quotedColumns: readonly string[],
): Promise<KeyEquality[]> {
  return db.query<KeyEquality>(
    `select coalesce((
              select format('operator(%I.%s)', n.nspname, o.oprname)
                from pg_catalog.pg_index i
               cross join lateral unnest(i.indkey::int2[]) with ordinality k(num, pos)
                join pg_catalog.pg_opclass c on c.oid = i.indclass[k.pos - 1]
                join pg_catalog.pg_amop e
                  on e.amopfamily = c.opcfamily and e.amopmethod = c.opcmethod and e.amopstrategy = 3
                 and e.amoplefttype = c.opcintype and e.amoprighttype = c.opcintype
                join pg_catalog.pg_operator o on o.oid = e.amopopr
                join pg_catalog.pg_namespace n on n.oid = o.oprnamespace
               where i.indrelid = a.attrelid and i.indisunique and k.num = a.attnum
               order by i.indisprimary desc limit 1), '=') as operator,
            coalesce((select format(' collate %I.%I', n.nspname, l.collname)
                        from pg_catalog.pg_collation l
                        join pg_catalog.pg_namespace n on n.oid = l.collnamespace
                       where l.oid = a.attcollation), '') as collation
       from unnest($2::text[]) with ordinality w(quoted, pos)
       join pg_catalog.pg_attribute a
         on a.attrelid = $1::text::regclass
        and '"' || replace(a.attname::text, '"', '""') || '"' = w.quoted
      order by w.pos`,
    [references, quotedColumns],
  );
}

/** Compares column `at` of a key: `parent` and `child` are SQL expressions. */
export function equalSql(
  equalities: readonly KeyEquality[],
  at: number,
  { parent, child }: { readonly parent: string; readonly child: string },
): string {
  const { operator, collation } = equalities[at] ?? { operator: "=", collation: "" };
  return `${parent} ${operator} ${child}${collation}`;
}

/** Bits of `pg_trigger.tgtype`, and the same events of `pg_rewrite.ev_type`. */
const EVENTS = { insert: { bit: 4, rule: "3" }, delete: { bit: 8, rule: "4" } } as const;

/** Triggers and rules of these tables (`$1`) that run at the event. */
export function hooksSql(event: keyof typeof EVENTS): string {
  const { bit, rule } = EVENTS[event];
  return `
  select format('%s trigger "%s"', t.tgrelid::regclass, t.tgname) as name
    from pg_catalog.pg_trigger t
   where t.tgrelid = any($1::oid[]) and not t.tgisinternal and t.tgenabled in ('O', 'A')
     and (t.tgtype & ${bit}) <> 0
  union all
  select format('%s rule "%s"', r.ev_class::regclass, r.rulename)
    from pg_catalog.pg_rewrite r
   where r.ev_class = any($1::oid[]) and r.ev_type = '${rule}' and r.ev_enabled in ('O', 'A')`;
}

export async function findHooks(
  db: Queryable,
  event: keyof typeof EVENTS,
  tableOids: readonly number[],
): Promise<string[]> {
  const rows = await db.query<{ name: string }>(`${hooksSql(event)} order by 1`, [tableOids]);
  return rows.map(({ name }) => name);
}

/** Rows of `table` whose key columns match no row of `references`: those that the key refused. */
export async function countOrphans(
  db: Queryable,
  key: Pick<ForeignKeyRow, "table" | "references"> & {
    readonly quotedColumns: readonly string[];
    readonly quotedReferencedColumns: readonly string[];
  },
): Promise<number> {
  const equalities = await readEqualities(db, key.references, key.quotedReferencedColumns);
  const pairs = key.quotedColumns.map((column, at) =>
    equalSql(equalities, at, {
      parent: `p.${key.quotedReferencedColumns[at] ?? column}`,
      child: `c.${column}`,
    }),
  );
  const present = key.quotedColumns.map((column) => `c.${column} is not null`);
  const [row] = await db.query<{ orphans: number }>(
    `select count(*)::float8 as orphans from ${key.table} c
      where ${present.join(" and ")}
        and not exists (select from ${key.references} p where ${pairs.join(" and ")})`,
  );
  return row?.orphans ?? 0;
}
