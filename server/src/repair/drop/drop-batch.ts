/**
 * The batch that drops the keys: one message to the server, COMMIT included.
 *
 * Every condition is checked on the server, under the lock, before the commit: verification happens
 * *before* the point of no return, and a slow connection leaves the lock time as it is. The text is
 * constant; a plan enters as one JSON literal. Its refusals carry SQLSTATEs of our own
 * (`DROP_REFUSAL`).
 */
import { quoteLiteral } from "../../db/driver/direct-client.ts";
import { OWN_SQL_STATE } from "../../db/sql-state.ts";
import { structureDigestSql } from "../catalogue/structure-digest.ts";
import { appendSql } from "../journal/journal-queries.ts";
import type { Plan } from "../model/plan.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { HOLD_MS, lockedBatchSql, REMAINING_WAIT } from "./locked-batch.ts";
import type { BackoffStep } from "./lock-timeout-backoff.ts";
import type { LockedWork } from "./locked-work.ts";

export const DROP_REFUSAL = {
  /** The set of keys differs from the plan's. */
  stale: OWN_SQL_STATE.dropKeysDiffer,
  /** After the drop a key of the plan's kind still exists. */
  keyRemains: OWN_SQL_STATE.dropKeyRemains,
  /** A PRIMARY KEY or UNIQUE index has changed. */
  indexChanged: OWN_SQL_STATE.dropIndexChanged,
  /** Another property of the tables differs from the plan's. */
  structureChanged: OWN_SQL_STATE.dropStructureChanged,
  /** A foreign row was refused although the keys are gone. */
  probeFailed: OWN_SQL_STATE.dropProbeFailed,
} as const;

export interface DropRequest {
  readonly plan: Plan;
  readonly runId: string;
  readonly step: BackoffStep;
  readonly holdMs: number;
  /** False when the role may not keep a journal in the database. */
  readonly journal: boolean;
}

/** Undoes a failed attempt, and with it every lock that the attempt got. */
export const DROP_SAVEPOINT = "before_cut";

/** The drop transaction of a plan as work for the critical section. */
export function dropWork(
  plan: Plan,
  { holdMs = HOLD_MS, ...run }: Pick<DropRequest, "runId" | "journal"> & { holdMs?: number },
): LockedWork {
  return {
    mode: "access exclusive",
    locks: plan.locks,
    deadlockTimeoutMs: plan.deadlockTimeoutMs,
    versionNumber: plan.target.versionNumber,
    precheckSql: precheckSql(plan),
    holdMs,
    batchSql: (step) => dropBatchSql({ plan, step, holdMs, ...run }),
  };
}

/** The message to send inside the open transaction. On success the transaction is committed. */
export function dropBatchSql(request: DropRequest): string {
  const { plan, step, holdMs } = request;
  return lockedBatchSql({
    mode: "access exclusive",
    locks: plan.locks,
    step,
    holdMs,
    workSql: (waitMs) => dropBlockSql(request, waitMs),
  });
}

function dropBlockSql({ plan, runId, step, journal }: DropRequest, waitMs: number): string {
  const input = {
    run: runId,
    plan: plan.id,
    wait: waitMs,
    stepWait: step.waitMs,
    journal,
    keys: plan.keys.map(({ oid }) => oid),
    tables: plan.tables.map(({ oid }) => oid),
    indexes: plan.keptIndexes.map(({ oid }) => oid),
    rules: plan.rules,
    structure: plan.target.structure,
    rows: requiredRows(plan),
    probes: plan.probes,
  };
  // DO takes no parameters; its body is itself a literal, so the JSON is quoted inside it.
  const body = DROP_BODY.replace("$INPUT$", () => quoteLiteral(JSON.stringify(input)));
  return `do ${quoteLiteral(body)}`;
}

function requiredRows(plan: Plan): { table: number; key: string; values: unknown }[] {
  return plan.rows.flatMap((row) => {
    const table = plan.tables.find(({ name }) => name.endsWith(`."${row.table}"`));
    return table ? [{ table: table.oid, key: row.key, values: row.values }] : [];
  });
}

function precheckSql(plan: Plan): string {
  const input = {
    keys: plan.keys.map(({ oid }) => oid),
    tables: plan.tables.map(({ oid }) => oid),
    rules: plan.rules,
    structure: plan.target.structure,
  };
  const body = PRECHECK_BODY.replace("$INPUT$", () => quoteLiteral(JSON.stringify(input)));
  return `do ${quoteLiteral(body)};`;
}

const MATCHING_KEYS = `
  select c.oid
    from pg_catalog.pg_constraint c
    join jsonb_to_recordset(input -> 'rules')
         as rule("tableOid" oid, "columnNumber" int2, "referencesOid" oid)
      on c.conrelid = rule."tableOid" and c.confrelid = rule."referencesOid"
     and rule."columnNumber" = any(c.conkey)
   where c.contype = 'f'`;

const REQUIRE_KEYS = `found := array(select distinct m.oid from (${MATCHING_KEYS} and c.conparentid = 0) m order by m.oid);
  if found is distinct from keys then
    raise exception 'the foreign keys are not those of the plan' using errcode = '${DROP_REFUSAL.stale}',
      detail = format('plan %s, database %s', keys, found);
  end if;`;

const REQUIRE_STRUCTURE = `digest := ${structureDigestSql("tables", "keys")};
  if digest is distinct from input ->> 'structure' then
    raise exception 'the tables are not as the plan saw them' using errcode = '${DROP_REFUSAL.structureChanged}',
      detail = format('plan %s, database %s', input ->> 'structure', digest);
  end if;`;

const ARRAYS = `keys constant oid[] := array(select v::oid from jsonb_array_elements_text(input -> 'keys') v order by v::oid);
  tables constant oid[] := array(select v::oid from jsonb_array_elements_text(input -> 'tables') v);`;

const PRECHECK_BODY = `
declare
  input constant jsonb := $INPUT$;
  ${ARRAYS}
  found oid[];
  digest text;
begin
  ${REQUIRE_KEYS}
  ${REQUIRE_STRUCTURE}
end
`;

const DROP_BODY = `
declare
  input constant jsonb := $INPUT$;
  deadline constant timestamptz :=
    clock_timestamp() + make_interval(secs => (input ->> 'wait')::float8 / 1000);
  ${ARRAYS}
  indexes constant oid[] := array(select v::oid from jsonb_array_elements_text(input -> 'indexes') v order by v::oid);
  item record;
  found oid[];
  dropped jsonb := '[]';
  digest text;
  outcome text;
  locked_at constant timestamptz := clock_timestamp();
begin
  ${REQUIRE_KEYS}

  for item in select c.conname, c.conrelid::regclass as name, pg_get_constraintdef(c.oid) as definition
                from pg_catalog.pg_constraint c where c.oid = any(keys) order by c.oid loop
    ${REMAINING_WAIT}
    -- Event triggers are the clients' code: they may use bare names.
    perform ${clientPathSql("item.name::text")};
    execute format('alter table %s drop constraint %I', item.name, item.conname);
    set local search_path = '';
    dropped := dropped || jsonb_build_object('table', item.name::text, 'name', item.conname, 'definition', item.definition);
  end loop;

  for item in select r."table"::regclass as name, r.key, r."values" as row_values,
                     (select string_agg(quote_ident(k), ', ') from jsonb_object_keys(r."values") k) as names
                from jsonb_to_recordset(input -> 'rows') as r("table" oid, key text, "values" jsonb) loop
    perform ${clientPathSql("item.name::text")};
    execute format('insert into %s (%s) select %s from jsonb_populate_record(null::%s, $1) p where not exists (select from %s t where t.%I = p.%I)',
      item.name, item.names, item.names, item.name, item.name, item.key, item.key) using item.row_values;
    set local search_path = '';
  end loop;

  if exists (${MATCHING_KEYS}) then
    raise exception 'a foreign key is still there after the drop' using errcode = '${DROP_REFUSAL.keyRemains}';
  end if;
  found := array(select i.indexrelid from pg_catalog.pg_index i
    where i.indexrelid = any(indexes) and i.indisunique and i.indisvalid and i.indisready and i.indpred is null
    order by i.indexrelid);
  if found is distinct from indexes then
    raise exception 'a unique index is not what it was' using errcode = '${DROP_REFUSAL.indexChanged}',
      detail = format('plan %s, database %s', indexes, found);
  end if;
  ${REQUIRE_STRUCTURE}

  for item in select p."table" as name, p.sql as statement from jsonb_to_recordset(input -> 'probes') as p("table" text, sql text) loop
    begin
      perform ${clientPathSql("item.name")};
      execute item.statement;
      set constraints all immediate;
      raise exception 'undo' using errcode = 'NDOK0';
    exception
      when sqlstate 'NDOK0' then null;
      when deadlock_detected or lock_not_available then raise;
      when others then
        raise exception 'an external user''s row was refused by %: %', item.name, sqlerrm
          using errcode = '${DROP_REFUSAL.probeFailed}', detail = sqlstate;
    end;
  end loop;

  if (input ->> 'journal')::boolean then
    outcome := jsonb_build_object('step', 'cut', 'status', 'done', 'plan', input ->> 'plan', 'dropped', dropped,
      'transaction', pg_current_xact_id()::text, 'wait_ms', input -> 'stepWait',
      'locked_ms', round((extract(epoch from clock_timestamp() - locked_at) * 1000)::numeric, 1))::text;
    ${appendSql("(input ->> 'run')", "'step'", "outcome")};
  end if;
end
`;
