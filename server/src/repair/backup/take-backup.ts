/**
 * The backup before the change: pg_dump in custom format, from a snapshot of our own.
 *
 * The snapshot ties the dump to counts and hashes of the same moment. So a restored copy can be
 * compared while the tables move on. The dump is a safety copy, separate from the rollback of this
 * repair: restoring it would lose every later write.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SQL_STATE, sqlStateOf } from "../../db/sql-state.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { openRepairConnection } from "../connection/connection.ts";
import type { ConnectionTarget, DirectClient } from "../../db/driver/direct-client.ts";
import { readWalPosition } from "../catalogue/server-queries.ts";
import type { Plan } from "../model/plan.ts";
import { UNFINISHED } from "./abandoned-copies.ts";
import { readDatabaseSetup } from "./database-setup.ts";
import { readDumpScope, readKeyLines, type DumpScope } from "./dump-scope.ts";
import { writeManifest, type Backup } from "./manifest.ts";
import {
  childEnvironment,
  deleteSecretFiles,
  requireTool,
  runTool,
  type FoundTool,
} from "./pg-tools.ts";
import { withCopyProgress } from "./copy-progress.ts";
import { makePrivateFolder } from "../model/output-file.ts";
import { silent, type Emit } from "../model/events.ts";
import { megabytes, MEGABYTES, progressReporter, ROWS } from "../model/progress.ts";
import { counted } from "../model/text.ts";
import type { Message } from "../../lib/messages.ts";
import { readTableContents, type TableContents } from "./table-contents.ts";
import { wordsOf } from "../../errors/operator-words.ts";

/** pg_dump gives way to other DDL, so that the application never queues behind it. */
const DUMP_LOCK_WAIT_MS = 5_000;
/** pg_dump locks every table in one transaction; it speaks English (LC_ALL=C). */
const LOCK_TABLE_FULL = /max_locks_per_transaction/;
/** Beside the data: the archive's directory, the structure of all tables, the note. */
const DISK_MARGIN_BYTES = 64 * 1024 * 1024;
/** Long enough to notice a fault, short enough for personal data. */
export const DEFAULT_KEEP_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface BackupRequest {
  readonly target: ConnectionTarget;
  readonly plan: Plan;
  readonly folder: string;
  /** Folder with pg_dump, when it differs from the packages' one. */
  readonly binDir?: string | undefined;
  /**
   * Data of every table; otherwise of the repair's tables and those tied to them, and the schema of
   * all.
   */
  readonly full: boolean;
  readonly keepDays?: number | undefined;
  /** For the progress; silent by default. */
  readonly emit?: Emit | undefined;
}

/**
 * Dumps into `folder` (0700 when it is new), file 0600, with a note beside it; reads the database only. Throws
 * `repair_refused` when pg_dump of the server's version is missing, the disk is too full, or the
 * dump fails.
 */
export async function takeBackup(request: BackupRequest): Promise<Backup> {
  const major = Math.floor(request.plan.target.versionNumber / 10_000);
  const tool = requireTool("pg_dump", major, request.binDir);
  makePrivateFolder(request.folder);
  const client = await openRepairConnection(request.target, "snapshot");
  try {
    const backup = await dumpSnapshot(client, request, tool).catch((error: unknown) => {
      throw sqlStateOf(error) === SQL_STATE.outOfMemory ? lockTableFull(error) : error;
    });
    writeManifest(backup);
    return backup;
  } finally {
    await client.close();
  }
}

async function dumpSnapshot(
  client: DirectClient,
  request: BackupRequest,
  tool: FoundTool,
): Promise<Backup> {
  const { plan, folder } = request;
  await client.script(
    `begin isolation level repeatable read read only; set local lock_timeout = ${DUMP_LOCK_WAIT_MS}`,
  );
  const [snapshot] = await client.query<{ id: string; takenAt: string }>(
    `select pg_export_snapshot() as id,
            to_char(now() at time zone 'UTC', 'YYYYMMDD"T"HH24MISS.MS"Z"') as "takenAt"`,
  );
  if (!snapshot) throw new Error("the server exported no snapshot");
  const lsn = await readWalPosition(client);
  const repaired = plan.tables.map(({ oid }) => oid);
  const scope = await readDumpScope(client, repaired, request.full);
  requireRoom(folder, scope.bytes + DISK_MARGIN_BYTES);
  const contents = await countRows(client, request, scope);
  const foreignKeys = await readKeyLines(client);
  const setup = await readDatabaseSetup(client);
  const path = join(folder, `${fileStem(plan)}-${snapshot.takenAt}.dump`);
  const rows = contents.reduce((sum, table) => sum + table.rows, 0);
  const report = progressReporter(request.emit ?? silent, {
    label: DUMPING,
    unit: ROWS,
    total: rows,
  });
  await withCopyProgress({ target: request.target, tables: contents, report }, () =>
    dump(request, tool.path, { path, snapshot: snapshot.id, scope }),
  );
  report(rows);
  // Closed before the change: an open snapshot would hold back vacuum and our own locks.
  await client.query("commit");
  const now = new Date();
  return {
    path,
    bytes: statSync(path).size,
    sha256: await fileHash(path),
    tool: `pg_dump ${tool.version}`,
    takenAt: now.toISOString(),
    lsn,
    source: plan.target,
    repair: plan.repair,
    setup,
    contents,
    structureOnly: scope.structureOnly,
    foreignKeys,
    deleteAfter: new Date(
      now.getTime() + (request.keepDays ?? DEFAULT_KEEP_DAYS) * DAY_MS,
    ).toISOString(),
  };
}

const COUNTING: Message = { en: "counting and hashing the tables", zh: "统计并哈希各表" };
const DUMPING: Message = { en: "dumping", zh: "备份中" };

/** Says how large the tables are, which is what a person estimates by. */
function countRows(
  client: DirectClient,
  { emit = silent }: BackupRequest,
  { compared }: DumpScope,
): Promise<TableContents[]> {
  const sizes = new Map(compared.map(({ name, bytes }) => [name, bytes]));
  const total = megabytes(compared.reduce((sum, { bytes }) => sum + bytes, 0));
  const report = progressReporter(emit, { label: COUNTING, unit: MEGABYTES, total });
  emit("note", {
    en: `${counted(compared.length, "table")} with their rows, ${total} MB with indexes: counted, dumped, restored and compared`,
    zh: `${compared.length} 张含数据的表，含索引共 ${total} MB：将统计、备份、恢复并比对`,
  });
  report(0);
  let done = 0;
  return readTableContents(client, compared, (name) => {
    done += sizes.get(name) ?? 0;
    report(megabytes(done));
  });
}

/** Throws `repair_refused` when the folder's disk has less free than `bytes`. */
export function requireRoom(folder: string, bytes: number): void {
  const disk = statfsSync(folder);
  const free = disk.bavail * disk.bsize;
  if (free >= bytes) return;
  const megabytes = (value: number) => `${Math.ceil(value / 1024 / 1024)} MB`;
  throw refusal(
    "disk_too_small",
    { folder, free: megabytes(free), needed: megabytes(bytes) },
    { details: { step: "backup", folder, free, needed: bytes } },
  );
}

async function dump(
  request: BackupRequest,
  tool: string,
  { path, snapshot, scope }: { path: string; snapshot: string; scope: DumpScope },
): Promise<void> {
  // A run killed in the middle must leave a file that is recognisably unfinished.
  const unfinished = `${path}${UNFINISHED}`;
  const args = [
    "--format=custom",
    "--no-password",
    `--snapshot=${snapshot}`,
    `--lock-wait-timeout=${DUMP_LOCK_WAIT_MS}`,
    `--file=${unfinished}`,
    ...scope.structureOnly.map((name) => `--exclude-table-data=${name}`),
  ];
  // Created by us first: pg_dump keeps the mode of an existing file.
  closeSync(openSync(unfinished, "wx", 0o600));
  try {
    await runTool(tool, args, childEnvironment(request.target, request.folder));
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    if (LOCK_TABLE_FULL.test(wordsOf(cause))) throw lockTableFull(cause);
    throw refusal("dump_failed", { words: wordsOf(cause) }, { details: { step: "backup" }, cause });
  } finally {
    deleteSecretFiles(request.folder);
  }
}

function lockTableFull(cause: unknown): NewDayError {
  return refusal(
    "dump_lock_table_full",
    { words: wordsOf(cause) },
    { details: { step: "backup" }, cause },
  );
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
