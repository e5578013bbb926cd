/** What two of the options do under the lock before the keys come back. */
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import { hooksSql, type ColumnRow } from "../catalogue/catalogue-queries.ts";
import type { Inspection } from "../catalogue/inspection.ts";
import { fillerValue } from "../catalogue/probe-sql.ts";
import { orphanCondition, ROLLBACK_REFUSAL, type RollbackKey } from "./rollback-batch.ts";

/** Marks a stub for people and for programs. */
export const STUB_MARK = "newday-repair-stub";

/**
 * Moves the rows without an owner to `newday.quarantine_<run>_<n>`; every id is kept. Clients go on
 * meanwhile: the version that is deleted is the version that is stored. No such row may stay, and
 * no trigger or rule may have run for them, or everything is rolled back: a trigger that books a
 * deletion takes rows of other tables along. Running it again moves nothing twice.
 */
export function quarantineStatements(keys: readonly RollbackKey[], runId: string): string[] {
  return keys.flatMap((key, at) => {
    const side = quarantineTable(runId, at);
    const condition = orphanCondition(key);
    return [
      `create table if not exists ${side} as select c.* from ${key.table} c with no data`,
      `do $move$ declare hook text; begin
         with moved as (delete from ${key.table} c where ${condition} returning c.*)
           insert into ${side} select * from moved;
         if exists (select from ${key.table} c where ${condition}) then
           raise exception 'a row of % that had to move stayed', ${quoteLiteral(key.table)}
             using errcode = '${ROLLBACK_REFUSAL.mismatch}';
         end if;
         select name into hook from (${hooksOf(key.table)}) hooks limit 1;
         if hook is not null then
           raise exception '% runs when a row moves and may change other rows', hook
             using errcode = '${ROLLBACK_REFUSAL.hook}';
         end if;
       end $move$`,
    ];
  });
}

/** Whatever changes further rows when a row of this table goes: triggers, rules, cascading keys. */
function hooksOf(table: string): string {
  const relation = `${quoteLiteral(table)}::regclass`;
  const all = `array(select ${relation}::oid union select p.relid::oid from pg_catalog.pg_partition_tree(${relation}) p)`;
  return `${hooksSql("delete")}
  union all
  select format('%s "%s"', k.conrelid::regclass, k.conname)
    from pg_catalog.pg_constraint k
   where k.contype = 'f' and k.confrelid = any($1::oid[]) and k.confdeltype in ('c', 'n', 'd')`.replaceAll(
    "$1::oid[]",
    () => all,
  );
}

/**
 * Brings the rows back from the quarantine, to be kept by the operator: every id as it was. All of
 * them come back unchanged, or the statement fails and none does.
 */
export function quarantineReturnSql(
  keys: readonly RollbackKey[],
  columns: readonly ColumnRow[],
  runId: string,
): string[] {
  return keys.map((key, at) => {
    const side = quarantineTable(runId, at);
    const names = columns
      .filter(({ tableOid, isComputed }) => tableOid === key.tableOid && !isComputed)
      .map(({ name }) => quoteIdentifier(name))
      .join(", ");
    const rows = (from: string) => `select row(${names})::text from ${from}`;
    return (
      `do $return$ begin insert into ${key.table} (${names}) overriding system value select ${names} from ${side}; ` +
      `if exists (${rows(side)} except all ${rows(key.table)}) then ` +
      `raise exception 'a trigger of the table changed the rows: none was returned'; end if; end $return$;`
    );
  });
}

function quarantineTable(runId: string, at: number): string {
  return `newday.${quoteIdentifier(`quarantine_${runId.slice(0, 8)}_${at}`)}`;
}

/** Inserts a marked row into the referenced table for every owner that is missing there. */
export function stubStatements(
  keys: readonly RollbackKey[],
  { columns, uniqueIndexes }: Pick<Inspection, "columns" | "uniqueIndexes">,
): string[] {
  return keys.map((key) => {
    const parents = columns.filter(({ tableOid }) => tableOid === key.referencesOid);
    const others = parents.filter(
      ({ name, needsValue }) => needsValue && !key.referencedColumns.includes(name),
    );
    const unique = new Set(
      uniqueIndexes
        .filter(({ tableOid }) => tableOid === key.referencesOid)
        .flatMap((index) => index.columns),
    );
    const owner = key.columns.map((column) => `c.${quoteIdentifier(column)}`);
    const names = [...key.referencedColumns, ...others.map(({ name }) => name)];
    const values = [
      ...owner,
      ...others.map((column) => stubValue(column, unique.has(column.name) ? owner : undefined)),
    ];
    return `insert into ${key.references} (${names.map(quoteIdentifier).join(", ")})
      select ${values.join(", ")}
        from (select distinct ${owner.join(", ")} from ${key.table} c where ${orphanCondition(key)}) c`;
  });
}

/** `owner` is given for a column of a unique index: its stubs must differ. The hash survives a cut. */
function stubValue(column: ColumnRow, owner: readonly string[] | undefined): string {
  const { category, type } = column;
  const hash = `pg_catalog.md5(pg_catalog.concat_ws('/', ${owner?.join(", ")}))`;
  if (category === "S")
    return owner
      ? `pg_catalog.concat(pg_catalog.left(${hash}, 12), '-${STUB_MARK}')::${type}`
      : `'${STUB_MARK}'::${type}`;
  if (category === "N" && owner)
    return `(-(('x' || pg_catalog.left(${hash}, 7))::bit(28)::int))::${type}`;
  return fillerValue(column);
}
