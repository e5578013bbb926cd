/**
 * The backup before the change: pg_dump in custom format, from a snapshot of our own.
 *
 * The snapshot ties the dump to counts and hashes that were computed in the very same moment, so
 * that a restored copy can be compared with what was dumped and not with what the table has become.
 * The dump is not the rollback of this repair: restoring it would lose every later write.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  createReadStream,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { NewDayError } from "../../errors.ts";
import { openRepairConnection, type ConnectionTarget, type DirectClient } from "../connection.ts";
import type { Plan } from "../plan/plan.ts";
import { childEnvironment, requireTool, runTool } from "./pg-tools.ts";
import { readTableContents, type TableContents } from "./table-contents.ts";

/** pg_dump gives way to other DDL instead of making the application queue behind it. */
const DUMP_LOCK_WAIT_MS = 5_000;

export interface BackupRequest {
  readonly target: ConnectionTarget;
  readonly plan: Plan;
  readonly folder: string;
  /** Folder with pg_dump, when it is not where packages put it. */
  readonly binDir?: string | undefined;
  /** Data of every table; otherwise of the repair's tables, and the schema of all. */
  readonly full: boolean;
}

export interface Backup {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly tool: string;
  readonly takenAt: string;
  /** Position of the log at the snapshot, for a restore to a point in time. */
  readonly lsn: string;
  readonly contents: readonly TableContents[];
}

/**
 * Dumps into `folder` (0700), file 0600. Throws `repair_refused` when there is no pg_dump of the
 * server's version or the dump fails; the database is not changed either way.
 */
export async function takeBackup(request: BackupRequest): Promise<Backup> {
  const major = Math.floor(request.plan.target.versionNumber / 10_000);
  const tool = requireTool("pg_dump", major, request.binDir);
  mkdirSync(request.folder, { recursive: true, mode: 0o700 });
  chmodSync(request.folder, 0o700);
  const client = await openRepairConnection(request.target, "snapshot");
  try {
    return await dumpSnapshot(client, request, tool);
  } finally {
    await client.close();
  }
}

async function dumpSnapshot(
  client: DirectClient,
  request: BackupRequest,
  tool: { readonly path: string; readonly version: string },
): Promise<Backup> {
  await client.query("begin isolation level repeatable read read only");
  const [snapshot] = await client.query<{ id: string; lsn: string; takenAt: string }>(
    `select pg_export_snapshot() as id,
            (case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                  else pg_current_wal_lsn() end)::text as lsn,
            to_char(now() at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') as "takenAt"`,
  );
  if (!snapshot) throw new Error("the server exported no snapshot");
  const contents = await readTableContents(client, request.plan.tables);
  const path = join(request.folder, `${fileStem(request.plan)}-${snapshot.takenAt}.dump`);
  await dump(request, tool.path, { path, snapshot: snapshot.id });
  // Closed before the change: an open snapshot would hold back vacuum and our own locks.
  await client.query("commit");
  return {
    path,
    bytes: statSync(path).size,
    sha256: await fileHash(path),
    tool: `pg_dump ${tool.version}`,
    takenAt: new Date().toISOString(),
    lsn: snapshot.lsn,
    contents,
  };
}

async function dump(
  request: BackupRequest,
  tool: string,
  { path, snapshot }: { path: string; snapshot: string },
): Promise<void> {
  const environment = childEnvironment(request.target, request.folder);
  const args = [
    "--format=custom",
    "--no-password",
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${DUMP_LOCK_WAIT_MS}`,
    `--file=${path}`,
    ...(request.full ? [] : await excludedData(request)),
  ];
  // Made by us first: pg_dump keeps the mode of a file that exists.
  closeSync(openSync(path, "wx", 0o600));
  try {
    await runTool(tool, args, environment);
  } catch (cause) {
    rmSync(path, { force: true });
    throw new NewDayError(
      "repair_refused",
      { step: "backup" },
      {
        message: `The backup failed, nothing was changed: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      },
    );
  } finally {
    if (environment["PGPASSFILE"]) rmSync(environment["PGPASSFILE"], { force: true });
  }
}

/** Names of every other table with rows: their schema is dumped, their data is not. */
async function excludedData(request: BackupRequest): Promise<string[]> {
  const client = await openRepairConnection(request.target, "inventory");
  try {
    const rows = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
         from pg_catalog.pg_class c
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
          and c.oid <> all($1::oid[])
          and not exists (select from unnest($1::oid[]) t(oid),
                                 lateral pg_partition_tree(t.oid::regclass) p where p.relid = c.oid)
          and not exists (select from pg_catalog.pg_constraint f
                           where f.contype = 'f' and f.conrelid = c.oid
                             and f.confrelid = any($1::oid[]))`,
      [request.plan.tables.map(({ oid }) => oid)],
    );
    return rows.map(({ name }) => `--exclude-table-data=${name}`);
  } finally {
    await client.close();
  }
}

function fileStem(plan: Plan): string {
  return `${plan.target.database.replaceAll(/[^A-Za-z0-9_-]/g, "_")}-${plan.repair.id}`;
}

/** SHA-256 of a file, read to its last byte. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
