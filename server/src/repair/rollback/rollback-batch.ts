/**
 * The batch that puts keys back, one message with its COMMIT, under SHARE ROW EXCLUSIVE: readers
 * pass, writers wait for milliseconds. Orphans are counted under that lock, so that an insert
 * cannot overtake the decision.
 */
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import { equalSql, type KeyEquality } from "../catalogue/catalogue-queries.ts";
import { OWN_SQL_STATE } from "../../db/sql-state.ts";
import { appendSql } from "../journal/journal-queries.ts";
import type { PlannedKey, PlannedLock } from "../model/plan.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";

export const ROLLBACK_REFUSAL = {
  /** Foreign rows exist, and the option excludes them. */
  orphans: OWN_SQL_STATE.rollbackOrphans,
  /** A key of this name exists already. */
  present: OWN_SQL_STATE.rollbackKeyPresent,
  /** The moved rows differ from the counted ones. */
  mismatch: OWN_SQL_STATE.rollbackRowsDiffer,
  /** A trigger or a rule runs for each row that moves. */
  hook: OWN_SQL_STATE.rollbackHook,
} as const;

/** A dropped key with the comparison that it would make today. */
export interface RollbackKey extends PlannedKey {
  readonly equalities: readonly KeyEquality[];
}

export interface RollbackRequest {
  readonly runId: string;
  readonly option: string;
  readonly keys: readonly RollbackKey[];
  readonly locks: readonly PlannedLock[];
  /** Without ON DELETE CASCADE or SET NULL. */
  readonly noAction: boolean;
  /** The option requires that every row has an owner. */
  readonly requireNoOrphans: boolean;
  /** Adds NOT VALID; otherwise the key is checked while it is added (partitioned tables before 18). */
  readonly notValid: boolean;
  /** Statements that run first, under the lock (quarantine, stubs). */
  readonly before: readonly string[];
  readonly journal: boolean;
}

export function rollbackBatchSql(request: RollbackRequest, waitMs: number): string {
  const input = {
    run: request.runId,
    option: request.option,
    wait: waitMs,
    journal: request.journal,
    requireNoOrphans: request.requireNoOrphans,
    locks: request.locks.filter(({ mayLock }) => mayLock).map(({ oid }) => oid),
    before: request.before,
    keys: request.keys.map((key) => ({
      table: key.table,
      name: key.name,
      add: addSql(key, request),
      comment: key.comment,
      orphans: orphanSql(key),
    })),
  };
  const body = ROLLBACK_BODY.replace("$INPUT$", () => quoteLiteral(JSON.stringify(input)));
  return `do ${quoteLiteral(body)};\ncommit`;
}

/** The statement that puts a key back. */
export function addSql(
  key: PlannedKey,
  { noAction, notValid }: Pick<RollbackRequest, "noAction" | "notValid">,
): string {
  const definition = key.definition
    .replace(/ NOT VALID$/, "")
    .replace(noAction ? / ON DELETE (?:CASCADE|SET NULL|SET DEFAULT)(?: \([^)]*\))?/ : /$^/, "");
  const suffix = notValid ? " not valid" : "";
  return `alter table ${key.table} add constraint ${quoteIdentifier(key.name)} ${definition}${suffix}`;
}

/** Counts the rows of a key that have no owner. */
export function orphanSql(key: RollbackKey): string {
  return `select count(*) from ${key.table} c where ${orphanCondition(key)}`;
}

/** True for a row `c` of the key's table whose owner does not exist. */
export function orphanCondition(key: RollbackKey): string {
  const pairs = key.columns.map((column, at) =>
    equalSql(key.equalities, at, {
      parent: `p.${quoteIdentifier(key.referencedColumns[at] ?? column)}`,
      child: `c.${quoteIdentifier(column)}`,
    }),
  );
  const present = key.columns.map((column) => `c.${quoteIdentifier(column)} is not null`);
  return `${present.join(" and ")} and not exists (select from ${key.references} p where ${pairs.join(" and ")})`;
}

const ROLLBACK_BODY = `
declare
  input constant jsonb := $INPUT$;
  deadline constant timestamptz :=
    clock_timestamp() + make_interval(secs => (input ->> 'wait')::float8 / 1000);
  polite constant boolean := (input ->> 'wait')::float8 > 0;
  item record;
  statement text;
  rows bigint;
  orphans bigint := 0;
  outcome text;
begin
  for item in select v::oid::regclass as name from jsonb_array_elements_text(input -> 'locks')
                     with ordinality as l(v, pos) order by l.pos loop
    perform set_config('lock_timeout', greatest(1, ceil(extract(epoch from deadline - clock_timestamp()) * 1000)::int)::text, true);
    execute format('lock table only %s in share row exclusive mode%s', item.name, case when polite then '' else ' nowait' end);
  end loop;
  perform ${clientPathSql("(input -> 'keys' -> 0 ->> 'table')")};
  for statement in select value from jsonb_array_elements_text(input -> 'before') loop
    execute statement;
  end loop;
  -- Deferred checks of the moved rows run now: their pending events would refuse the new key (55006).
  set constraints all immediate;
  set local search_path = '';
  for item in select k.* from jsonb_to_recordset(input -> 'keys')
                as k("table" text, name text, add text, comment text, orphans text) loop
    if exists (select from pg_catalog.pg_constraint c
                where c.conrelid = item."table"::regclass and c.conname = item.name) then
      raise exception 'the key "%" is there already', item.name using errcode = '${ROLLBACK_REFUSAL.present}';
    end if;
    execute item.orphans into rows;
    orphans := orphans + rows;
  end loop;
  if (input ->> 'requireNoOrphans')::boolean and orphans > 0 then
    raise exception 'rows of external users in the way: %', orphans using errcode = '${ROLLBACK_REFUSAL.orphans}';
  end if;
  for item in select k.* from jsonb_to_recordset(input -> 'keys')
                as k("table" text, name text, add text, comment text, orphans text) loop
    perform set_config('lock_timeout', greatest(1, ceil(extract(epoch from deadline - clock_timestamp()) * 1000)::int)::text, true);
    -- Event triggers are the clients' code: they may use bare names.
    perform ${clientPathSql('item."table"')};
    execute item.add;
    if item.comment is not null then
      execute format('comment on constraint %I on %s is %L', item.name, item."table", item.comment);
    end if;
    set local search_path = '';
  end loop;
  if (input ->> 'journal')::boolean then
    outcome := jsonb_build_object('option', input ->> 'option', 'status', 'added', 'orphans', orphans,
      'transaction', pg_current_xact_id()::text,
      'keys', (select jsonb_agg(k ->> 'name') from jsonb_array_elements(input -> 'keys') k))::text;
    ${appendSql("(input ->> 'run')", "'rollback'", "outcome")};
  end if;
end
`;
