/** The work of two options under the lock, before the keys return. */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { ColumnRow } from "../catalogue/catalogue-queries.ts";
import { fillerValue } from "../catalogue/probe-sql.ts";
import type { PlannedKey } from "../model/plan.ts";
import { orphanCondition, ROLLBACK_REFUSAL } from "./rollback-batch.ts";

/** Marks a stub for people and for programs. */
export const STUB_MARK = "newday-repair-stub";

/**
 * Moves the rows without an owner to `newday.quarantine_<run>_<n>`; every id is kept, and the counts
 * before and after must agree or everything is rolled back.
 */
export function quarantineStatements(keys: readonly PlannedKey[], runId: string): string[] {
  return keys.flatMap((key, at) => {
    const side = quarantineTable(runId, at);
    const condition = orphanCondition(key);
    return [
      `create table ${side} as select c.* from ${key.table} c where ${condition}`,
      `do $move$ declare moved bigint; begin
         delete from ${key.table} c where ${condition};
         get diagnostics moved = row_count;
         if moved <> (select count(*) from ${side}) then
           raise exception 'moved % rows, another number than was copied', moved
             using errcode = '${ROLLBACK_REFUSAL.mismatch}';
         end if;
       end $move$`,
    ];
  });
}

/**
 * The statement that returns the quarantined rows, every id as it was; for the operator to keep.
 */
export function quarantineReturnSql(
  keys: readonly PlannedKey[],
  columns: readonly ColumnRow[],
  runId: string,
): string[] {
  return keys.map((key, at) => {
    const names = columns
      .filter(({ tableOid, isComputed }) => tableOid === key.tableOid && !isComputed)
      .map(({ name }) => quoteIdentifier(name))
      .join(", ");
    return `insert into ${key.table} (${names}) overriding system value select ${names} from ${quarantineTable(runId, at)};`;
  });
}

function quarantineTable(runId: string, at: number): string {
  return `newday.${quoteIdentifier(`quarantine_${runId.slice(0, 8)}_${at}`)}`;
}

/** Inserts a marked player row for every missing owner. */
export function stubStatements(
  keys: readonly PlannedKey[],
  columns: readonly ColumnRow[],
): string[] {
  return keys.map((key) => {
    const parents = columns.filter(({ tableOid }) => tableOid === key.referencesOid);
    const others = parents.filter(
      ({ name, needsValue }) => needsValue && !key.referencedColumns.includes(name),
    );
    const names = [...key.referencedColumns, ...others.map(({ name }) => name)];
    const values = [
      ...key.columns.map((column) => `c.${quoteIdentifier(column)}`),
      ...others.map((column) =>
        column.category === "S" ? `'${STUB_MARK}'::${column.type}` : fillerValue(column),
      ),
    ];
    return `insert into ${key.references} (${names.map(quoteIdentifier).join(", ")})
      select distinct ${values.join(", ")} from ${key.table} c where ${orphanCondition(key)}`;
  });
}
