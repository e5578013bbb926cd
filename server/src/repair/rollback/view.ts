/** The rollback options now: dropped keys, missing ones, foreign rows. Read-only. */
import { keyNames, keyName } from "../model/text.ts";
import { quoteIdentifier, type DirectClient } from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { findHooks, readEqualities } from "../catalogue/catalogue-queries.ts";
import { inspect, type Inspection } from "../catalogue/inspection.ts";
import { countKeyOrphans } from "../catalogue/key-orphans.ts";
import { readMarker, readServer } from "../catalogue/server-queries.ts";
import { readOnly } from "../connection/connection.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { PlannedKey } from "../model/plan.ts";
import { findDroppedKeys } from "../journal/dropped-keys.ts";
import type { RollbackKey } from "./rollback-batch.ts";
import { rollbackOptions, type RollbackOption, type RollbackState } from "./options.ts";

/** A person waits for the count; clients do not, because it takes no lock that stops them. */
const COUNT_TIMEOUT_MS = 5 * 60 * 1000;

export interface RollbackView {
  readonly database: string;
  /** As given to the run that dropped the keys, or as the database is marked. */
  readonly environment: string | undefined;
  /** The run that dropped the keys, if the journal has it. */
  readonly appliedRun: string | undefined;
  /** Keys of the last drop that are absent now. */
  readonly keys: readonly RollbackKey[];
  readonly state: RollbackState;
  readonly options: readonly RollbackOption[];
  readonly inspection: Inspection;
  readonly deadlockTimeoutMs: number;
  readonly droppedAt: string | undefined;
}

/** A plan file's facts, for a database whose role could keep no journal. */
export interface RecordedRun {
  readonly schema?: string | undefined;
  readonly keys?: readonly PlannedKey[];
  readonly environment?: string;
  readonly runId?: string;
  /** How long the rows of external users may be counted; a person at a terminal waits longer. */
  readonly countTimeoutMs?: number;
}

/** The rollback options now. Throws `rollback_refused` when the dropped keys are unrecorded. */
export function readRollback(
  client: DirectClient,
  repair: RepairDefinition,
  recorded: RecordedRun = {},
): Promise<RollbackView> {
  return readOnly(client, async () => {
    const server = await readServer(client);
    const inspection = await inspect(client, repair, recorded.schema);
    const { schema } = inspection;
    const dropped = await findDroppedKeys(client, { repairId: repair.id, schema });
    const keys = recorded.keys ?? dropped?.keys;
    const environment = recorded.environment ?? dropped?.environment;
    if (!keys || inspection.adopted) throw nothingRecorded(inspection);
    requireSameTables(keys, inspection);
    const missing = keys.filter(
      (key) =>
        !inspection.keys.some(
          (present) => present.name === key.name && present.tableOid === key.tableOid,
        ),
    );
    const state = await readState(client, inspection, missing, {
      versionNumber: server.versionNumber,
      countTimeoutMs: recorded.countTimeoutMs ?? COUNT_TIMEOUT_MS,
    });
    return {
      database: server.database,
      environment: environment ?? (await readMarker(client)),
      appliedRun: recorded.runId ?? dropped?.runId,
      keys: await withEqualities(client, missing),
      state,
      options: rollbackOptions(state),
      inspection,
      deadlockTimeoutMs: server.deadlockTimeoutMs,
      droppedAt: dropped?.at,
    };
  });
}

/** A restored copy carries the journal of the original, whose tables have other oids. */
function requireSameTables(keys: readonly PlannedKey[], { schema, tables }: Inspection): void {
  const others = keys.filter(({ tableOid }) => tables.every(({ oid }) => oid !== tableOid));
  if (others.length === 0) return;
  const names = keyNames(others);
  throw refusal(
    "rollback_other_schema",
    { schema, names },
    { details: { schema, keys: others.map(({ name }) => name) } },
  );
}

async function readState(
  client: DirectClient,
  inspection: Inspection,
  keys: readonly PlannedKey[],
  {
    versionNumber,
    countTimeoutMs,
  }: { readonly versionNumber: number; readonly countTimeoutMs: number },
): Promise<RollbackState> {
  const children = new Set(keys.map(({ tableOid }) => tableOid));
  const parents = inspection.tables
    .filter(({ name }) => name === inspection.parentTable)
    .map(({ oid }) => oid);
  return {
    ...(await countAll(client, keys, countTimeoutMs)),
    notValidBefore: keys.filter(({ validated }) => !validated).map(keyName),
    deleteHooks: await findHooks(client, "delete", [
      ...children,
      ...inspection.partitions.flatMap(({ oid, rootOid }) => (children.has(rootOid) ? [oid] : [])),
    ]),
    inboundCascades: inspection.remaining
      .filter(
        (key) => children.has(key.referencesOid) && key.onDelete !== "a" && key.onDelete !== "r",
      )
      .map(keyName),
    partitioned: inspection.tables.some(({ oid, kind }) => children.has(oid) && kind === "p"),
    versionNumber,
    sideTablePossible: await mayPutAside(client),
    numberedParents: keys.some((key) =>
      inspection.columns.some(
        ({ tableOid, name, isNumbered }) =>
          isNumbered && tableOid === key.referencesOid && key.referencedColumns.includes(name),
      ),
    ),
    parentTable: inspection.parentTable,
    stubsPossible: keys.every(({ referencesOid }) => parents.includes(referencesOid)),
  };
}

async function withEqualities(
  client: DirectClient,
  keys: readonly PlannedKey[],
): Promise<RollbackKey[]> {
  const complete: RollbackKey[] = [];
  for (const key of keys) {
    const columns = key.referencedColumns.map(quoteIdentifier);
    complete.push({ ...key, equalities: await readEqualities(client, key.references, columns) });
  }
  return complete;
}

async function mayPutAside(client: DirectClient): Promise<boolean> {
  const [row] = await client.query<{ allowed: boolean }>(
    `select coalesce((select has_schema_privilege(n.oid, 'CREATE')
                        from pg_catalog.pg_namespace n where n.nspname = 'newday'), false) as allowed`,
  );
  return row?.allowed ?? false;
}

type OrphanCounts = Pick<RollbackState, "orphans" | "blockingOrphans">;

async function countAll(
  client: DirectClient,
  keys: readonly PlannedKey[],
  timeoutMs: number,
): Promise<OrphanCounts> {
  await client.query("savepoint counting");
  try {
    await client.query(`set local statement_timeout = ${timeoutMs}`);
    return await countKeyOrphans(client, keys);
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    return { orphans: null, blockingOrphans: null };
  } finally {
    if (!client.isLost()) await client.query("rollback to savepoint counting");
  }
}

function nothingRecorded({ keys, adopted }: Inspection): NewDayError {
  if (adopted) return refusal("rollback_after_adoption", {});
  return refusal(keys.length > 0 ? "rollback_not_needed" : "rollback_without_journal", {});
}
