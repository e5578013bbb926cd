/**
 * Makes a plan: a read-only inspection of the database, turned into decisions.
 *
 * A READ ONLY transaction guarantees that it writes nothing. The whole plan is drawn from one
 * snapshot.
 */
import { quoteIdentifier, type DirectClient } from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { countOrphans, type ForeignKeyRow } from "../catalogue/catalogue-queries.ts";
import {
  inspect,
  lockedRelations,
  quotedColumns,
  type Inspection,
} from "../catalogue/inspection.ts";
import {
  readClusterIdentity,
  readMarker,
  readServer,
  type ServerRow,
} from "../catalogue/server-queries.ts";
import { readOnly } from "../connection/connection.ts";
import type { RepairDefinition, RequiredRow } from "../model/definition.ts";
import { readEndpoint, type Endpoint } from "../model/endpoint.ts";
import { preflight } from "./preflight.ts";
import {
  newPlanId,
  PLAN_FORMAT,
  PLAN_LIFETIME_MS,
  type Fingerprint,
  type Plan,
  type PlannedKey,
} from "../model/plan.ts";
import { targetFindings, type Present } from "./target-findings.ts";
import type { Target } from "../model/target-file.ts";
import type { ReplicaLink } from "../replicas/replica-link.ts";
import { queryRefused } from "./query-refused.ts";
import { findProbes, type FoundProbes } from "../catalogue/probe-search.ts";
import { readLoad, riskOf } from "./risk.ts";

/** Bounds the scans of an inspection. */
const ORPHAN_COUNT_TIMEOUT_MS = 60_000;
/** The strictest reading of a database without a name. */
const STRICTEST_ENVIRONMENT = "production";

export interface PlanRequest {
  readonly repair: RepairDefinition;
  readonly tool: string;
  readonly schema?: string | undefined;
  readonly environment?: string | undefined;
  /** The named target that this database must match. */
  readonly expected?: Target | undefined;
  /** The other named targets: their names of the keys. */
  readonly others?: readonly Target[];
  readonly replicas?: readonly ReplicaLink[];
  /** Reasons of the operator by finding id. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly now: Date;
  /** Duration of the load sample of the tables; omitted for an inspection without one. */
  readonly loadSampleMs?: number;
  readonly estimates?: Plan["estimates"];
}

export interface PlanResult {
  readonly plan: Plan;
  readonly inspection: Inspection;
  readonly server: ServerRow;
}

/**
 * Inspects and decides. Throws `repair_refused` (B04) for a database other than New Day's,
 * `repair_blocked` (B66) while another session holds its tables exclusively.
 */
export async function buildPlan(client: DirectClient, request: PlanRequest): Promise<PlanResult> {
  return inspectAndPlan(client, request).catch(async (error: unknown) => {
    throw await queryRefused(client, request.repair, error);
  });
}

function inspectAndPlan(client: DirectClient, request: PlanRequest): Promise<PlanResult> {
  return readOnly(client, async () => {
    const server = await readServer(client);
    const inspection = await inspect(client, request.repair, request.schema);
    const marker = await readMarker(client);
    const named = request.environment ?? marker;
    const environment = named ?? STRICTEST_ENVIRONMENT;
    const keys = await planKeys(client, inspection);
    const target = await readFingerprint(client, server, inspection);
    const endpoint = await readEndpoint(client.peer);
    const locked = lockedRelations(inspection).map(({ oid }) => oid);
    const load = await readLoad(client, locked, request.loadSampleMs ?? 0);
    const probes = await findProbes(client, inspection, {
      ...request.repair,
      isProbed: request.repair.isProbed !== false && !request.accepted.has("B35"),
    });
    const present: Present = { fingerprint: target, marker, endpoint, keys };
    const findings = await preflight({
      client,
      server,
      repair: request.repair,
      inspection,
      target,
      endpoint,
      marker,
      environment,
      isNamed: named !== undefined,
      load,
      keys,
      probes,
      accepted: request.accepted,
      expected: targetFindings(present, request.expected, request.others ?? []),
      replicas: request.replicas ?? [],
      estimates: request.estimates,
    });
    const risk = riskOf({ locks: locked.length, load, findings, keys });
    const plan = assemble({
      request,
      environment,
      inspection,
      server,
      keys,
      probes,
      target,
      endpoint,
      findings,
      risk,
    });
    return { plan, inspection, server };
  });
}

/** The target's facts, which `apply` compares with the plan's. */
export async function readFingerprint(
  client: DirectClient,
  server: ServerRow,
  inspection: Pick<Inspection, "schema" | "digest">,
): Promise<Fingerprint> {
  const cluster = await readClusterIdentity(client);
  return {
    database: server.database,
    databaseOid: server.databaseOid,
    schema: inspection.schema,
    versionNumber: server.versionNumber,
    systemIdentifier: cluster?.systemIdentifier,
    timeline: cluster?.timeline,
    address: server.address,
    port: server.port,
    structure: inspection.digest,
  };
}

function assemble(input: {
  request: PlanRequest;
  environment: string;
  inspection: Inspection;
  server: ServerRow;
  keys: PlannedKey[];
  probes: FoundProbes;
  target: Fingerprint;
  endpoint: Endpoint;
  findings: Plan["findings"];
  risk: Plan["risk"];
}): Plan {
  const { request, inspection } = input;
  const mayLock = new Map(inspection.tables.map((table) => [table.oid, table.mayLock]));
  const roots = new Map(inspection.partitions.map(({ oid, rootOid }) => [oid, rootOid]));
  return {
    format: PLAN_FORMAT,
    id: newPlanId(),
    tool: request.tool,
    repair: { id: request.repair.id, version: request.repair.version },
    environment: input.environment,
    createdAt: request.now.toISOString(),
    expiresAt: new Date(request.now.getTime() + PLAN_LIFETIME_MS).toISOString(),
    target: input.target,
    endpoint: input.endpoint,
    tables: inspection.tables.map(({ oid, schema, name, estimatedRows, bytes }) => ({
      oid,
      name: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
      estimatedRows,
      bytes,
    })),
    rules: inspection.rules.map(({ table, references, columnNumber }) => ({
      tableOid: table.oid,
      columnNumber,
      referencesOid: references.oid,
    })),
    absentRules: inspection.absent,
    keys: input.keys,
    keptKeys: inspection.remaining.map(({ name, table, definition }) => ({
      name,
      table,
      definition,
    })),
    keptIndexes: inspection.uniqueIndexes.filter(({ full }) => full),
    rows: request.repair.rows.flatMap((row) => existingPart(row, inspection)),
    locks: lockedRelations(inspection).map(({ oid, name }) => ({
      oid,
      name,
      mayLock: mayLock.get(roots.get(oid) ?? oid) ?? false,
    })),
    probes: input.probes.probes,
    probeValues: request.repair.probeValues,
    deadlockTimeoutMs: input.server.deadlockTimeoutMs,
    risk: input.risk,
    structureLines: inspection.structure,
    findings: input.findings,
    estimates: request.estimates,
  };
}

/** The row with this database's columns; undefined when its table is missing. */
function existingPart(row: RequiredRow, inspection: Inspection): RequiredRow[] {
  const table = inspection.tables.find(({ name }) => name === row.table);
  if (!table) return [];
  const columns = inspection.columns.filter(({ tableOid }) => tableOid === table.oid);
  const values = Object.entries(row.values).filter(([column]) =>
    columns.some(({ name }) => name === column),
  );
  return [{ ...row, values: Object.fromEntries(values) }];
}

async function planKeys(client: DirectClient, inspection: Inspection): Promise<PlannedKey[]> {
  const planned: PlannedKey[] = [];
  for (const key of inspection.keys) {
    const rule = inspection.rules.find(
      ({ rule, table }) => table.oid === key.tableOid && key.columns.includes(rule.column),
    );
    const name = quoteIdentifier(key.name);
    planned.push({
      oid: key.oid,
      name: key.name,
      table: key.table,
      tableOid: key.tableOid,
      columns: key.columns,
      references: key.references,
      referencesOid: key.referencesOid,
      referencedColumns: key.referencedColumns,
      definition: key.definition,
      comment: key.comment,
      validated: key.validated,
      onDelete: key.onDelete,
      orphans: await tryCountOrphans(client, key),
      blocks: rule?.rule.blocks ?? { en: "", zh: "" },
      dropSql: `alter table ${key.table} drop constraint ${name};`,
      restoreSql: `alter table ${key.table} add constraint ${name} ${key.definition};`,
    });
  }
  return planned;
}

/** Null when the rows are unreadable or the count takes too long. Unknown is not zero. */
export async function tryCountOrphans(
  client: DirectClient,
  key: ForeignKeyRow,
): Promise<number | null> {
  await client.query("savepoint orphans");
  try {
    await client.query(`set local statement_timeout = ${ORPHAN_COUNT_TIMEOUT_MS}`);
    return await countOrphans(client, quotedColumns(key));
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    return null;
  } finally {
    if (!client.isLost()) await client.query("rollback to savepoint orphans");
  }
}
