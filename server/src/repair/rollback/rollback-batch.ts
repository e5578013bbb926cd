/**
 * The batch that puts keys back, one message with its COMMIT, under SHARE ROW EXCLUSIVE: readers
 * pass, writers wait for milliseconds. It adds the keys NOT VALID and counts nothing: from its
 * COMMIT on no orphan can come, so the rest (moving rows, validating) decides without a race while
 * clients run (`finish-rollback.ts`).
 *
 * Partitioned tables before 18 take no such key: there PostgreSQL checks every row under the lock.
 */
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import { equalSql, type KeyEquality } from "../catalogue/catalogue-queries.ts";
import { OWN_SQL_STATE } from "../../db/sql-state.ts";
import { appendSql } from "../journal/journal-queries.ts";
import type { PlannedKey, PlannedLock } from "../model/plan.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { HOLD_MS, lockedBatchSql, REMAINING_WAIT } from "../drop/locked-batch.ts";
import type { BackoffStep } from "../drop/lock-timeout-backoff.ts";
import { STATEMENT_TIMEOUT_MS } from "../drop/round.ts";

export const ROLLBACK_REFUSAL = {
  /** A key of this name exists already. */
  present: OWN_SQL_STATE.rollbackKeyPresent,
  /** A row stayed that had to move. */
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
  /** Orphans as counted before, without a lock; null when they could not be counted. */
  readonly orphans: number | null;
  /** Adds NOT VALID; otherwise a key that was valid is checked while it is added (partitioned tables before 18). */
  readonly notValid: boolean;
  /** Statements that run first, under the lock; none for a key that is added NOT VALID. */
  readonly before: readonly string[];
  readonly journal: boolean;
}

/** Under the lock only the catalogue is changed, or every row is checked. */
export function holdOf({ notValid }: Pick<RollbackRequest, "notValid">): number {
  return notValid ? HOLD_MS : STATEMENT_TIMEOUT_MS;
}

export function rollbackBatchSql(request: RollbackRequest, step: BackoffStep): string {
  return lockedBatchSql({
    mode: "share row exclusive",
    locks: request.locks,
    step,
    holdMs: holdOf(request),
    workSql: (waitMs) => addBlockSql(request, waitMs),
  });
}

function addBlockSql(request: RollbackRequest, waitMs: number): string {
  const input = {
    run: request.runId,
    option: request.option,
    wait: waitMs,
    journal: request.journal,
    orphans: request.orphans,
    before: request.before,
    keys: request.keys.map((key) => ({
      table: key.table,
      name: key.name,
      add: addSql(key, request),
      comment: key.comment,
    })),
  };
  const body = ROLLBACK_BODY.replace("$INPUT$", () => quoteLiteral(JSON.stringify(input)));
  return `do ${quoteLiteral(body)}`;
}

/** The statement that puts a key back. One that was NOT VALID stays so: its table may hold older orphans. */
function addSql(
  key: PlannedKey,
  { noAction, notValid }: Pick<RollbackRequest, "noAction" | "notValid">,
): string {
  const definition = key.definition
    .replace(/ NOT VALID$/, "")
    .replace(noAction ? / ON DELETE (?:CASCADE|SET NULL|SET DEFAULT)(?: \([^)]*\))?/ : /$^/, "");
  const suffix = notValid || !key.validated ? " not valid" : "";
  return `alter table ${key.table} add constraint ${quoteIdentifier(key.name)} ${definition}${suffix}`;
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

const KEYS = `jsonb_to_recordset(input -> 'keys') as k("table" text, name text, add text, comment text)`;

const ROLLBACK_BODY = `
declare
  input constant jsonb := $INPUT$;
  deadline constant timestamptz :=
    clock_timestamp() + make_interval(secs => (input ->> 'wait')::float8 / 1000);
  item record;
  statement text;
  outcome text;
begin
  perform ${clientPathSql("(input -> 'keys' -> 0 ->> 'table')")};
  for statement in select value from jsonb_array_elements_text(input -> 'before') loop
    execute statement;
  end loop;
  -- Deferred checks of the moved rows run now: their pending events would refuse the new key (55006).
  set constraints all immediate;
  set local search_path = '';
  for item in select k.* from ${KEYS} loop
    if exists (select from pg_catalog.pg_constraint c
                where c.conrelid = item."table"::regclass and c.conname = item.name) then
      raise exception 'the key "%" is there already', item.name using errcode = '${ROLLBACK_REFUSAL.present}';
    end if;
    ${REMAINING_WAIT}
    -- Event triggers are the clients' code: they may use bare names.
    perform ${clientPathSql('item."table"')};
    execute item.add;
    if item.comment is not null then
      execute format('comment on constraint %I on %s is %L', item.name, item."table", item.comment);
    end if;
    set local search_path = '';
  end loop;
  if (input ->> 'journal')::boolean then
    outcome := jsonb_build_object('option', input ->> 'option', 'status', 'added', 'orphans', input -> 'orphans',
      'transaction', pg_current_xact_id()::text,
      'keys', (select jsonb_agg(k ->> 'name') from jsonb_array_elements(input -> 'keys') k))::text;
    ${appendSql("(input ->> 'run')", "'rollback'", "outcome")};
  end if;
end
`;
