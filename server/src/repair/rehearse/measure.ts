/**
 * The cost of the change on a copy with the same rows: its real locks, and times with row counts.
 */
import {
  quoteIdentifier,
  quoteLiteral,
  type ConnectionTarget,
  type DirectClient,
} from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { countOrphans } from "../catalogue/catalogue-queries.ts";
import { clientPathSql } from "../catalogue/probe-sql.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { MeasuredProbe, Plan, PlannedKey } from "../model/plan.ts";
import { readHeldLocks, type HeldLock } from "./rehearsal-queries.ts";

export interface Measurement {
  readonly locks: readonly HeldLock[];
  /** All drops of the plan, in one transaction. */
  readonly dropMs: number;
  /** The inserts that are tried and rolled back under the locks. */
  readonly probes: readonly MeasuredProbe[];
  /** Counting foreign rows, over the rows of every key's table. */
  readonly antiJoinMs: number;
  /** Validating the keys again, for an exact rollback; null where it cannot succeed. */
  readonly validateMs: number | null;
  /** Rows of the keys' tables: the basis of the two times above. */
  readonly rows: number;
}

/** Measures on a copy that may be changed: the keys are dropped, put back and validated. */
export function measure(target: ConnectionTarget, plan: Plan): Promise<Measurement> {
  return withRepairConnection(target, "measure", (client) =>
    withRepairConnection(target, "measure-watch", async (side) => ({
      locks: await measureLocks(client, side, plan),
      rows: await countRows(client, plan.keys),
      antiJoinMs: await timed(() => antiJoin(client, plan.keys)),
      dropMs: await timed(() => client.script(dropAll(plan))),
      probes: await measureProbes(client, plan),
      validateMs: await validateAgain(client, plan.keys),
    })),
  );
}

/** The drops run and are rolled back; between the two, another session reads the lock table. */
async function measureLocks(
  client: DirectClient,
  side: DirectClient,
  plan: Plan,
): Promise<HeldLock[]> {
  await client.query("begin");
  await client.script(dropAll(plan));
  const tables = plan.locks.map(({ oid }) => oid);
  const locks = await readHeldLocks(side, client.handshakePid, tables);
  await client.query("rollback");
  return locks;
}

function dropAll({ keys }: Plan): string {
  return keys.map(({ table, dropSql }) => underClientPath(table, dropSql)).join(" ");
}

/** Event triggers are the clients' code: they may use bare names. */
function underClientPath(table: string, statement: string): string {
  return `select ${clientPathSql(quoteLiteral(table))}; ${statement}`;
}

async function countRows(client: DirectClient, keys: readonly PlannedKey[]): Promise<number> {
  let rows = 0;
  for (const table of new Set(keys.map((key) => key.table))) {
    const [row] = await client.query<{ rows: number }>(
      `select count(*)::float8 as rows from ${table}`,
    );
    rows += row?.rows ?? 0;
  }
  return rows;
}

async function antiJoin(client: DirectClient, keys: readonly PlannedKey[]): Promise<void> {
  for (const key of keys)
    await countOrphans(client, {
      table: key.table,
      references: key.references,
      quotedColumns: key.columns.map(quoteIdentifier),
      quotedReferencedColumns: key.referencedColumns.map(quoteIdentifier),
    });
}

/** Once the keys are gone. Each insert is rolled back, with what its triggers did. */
async function measureProbes(
  client: DirectClient,
  { probes }: Plan,
): Promise<readonly MeasuredProbe[]> {
  const measured: MeasuredProbe[] = [];
  for (const { table, sql } of probes) {
    await client.query("begin");
    await client.query(`select ${clientPathSql(quoteLiteral(table))}`);
    // Deferred triggers run inside the statement, too.
    await client.query("set constraints all immediate");
    const started = performance.now();
    const rows = await client
      .query<{ "QUERY PLAN": readonly ExplainedStatement[] }>(
        `explain (analyze, format json) ${sql}`,
      )
      .catch(nothingMeasured);
    const ms = round(performance.now() - started);
    await client.query("rollback");
    const triggers = rows
      .flatMap((row) => row["QUERY PLAN"])
      .flatMap(({ Triggers = [] }) => Triggers);
    measured.push({
      table,
      ms,
      triggers: triggers.map((trigger) => ({
        relation: trigger.Relation,
        name: trigger["Trigger Name"],
        ms: round(trigger.Time),
      })),
    });
  }
  return measured;
}

/** The part of EXPLAIN's JSON that is read. */
interface ExplainedStatement {
  readonly Triggers?: readonly {
    readonly "Trigger Name": string;
    readonly Relation: string;
    readonly Time: number;
  }[];
}

/** A refused probe ends the rehearsal later, with its words. */
function nothingMeasured(error: unknown): [] {
  if (sqlStateOf(error) === undefined) throw error;
  return [];
}

/** Null when the copy holds orphans already, or refuses a NOT VALID key. */
async function validateAgain(
  client: DirectClient,
  keys: readonly PlannedKey[],
): Promise<number | null> {
  try {
    for (const { table, restoreSql } of keys)
      await client.script(
        underClientPath(table, restoreSql.replace(/( NOT VALID)?;$/, " not valid")),
      );
    return await timed(async () => {
      for (const { table, name } of keys)
        await client.script(
          underClientPath(
            table,
            `alter table ${table} validate constraint ${quoteIdentifier(name)}`,
          ),
        );
    });
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    return null;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return round(performance.now() - started);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
