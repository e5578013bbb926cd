/**
 * The verification of a backup: read to its last byte, restored on another server, and compared.
 *
 * `pg_restore --list` reads the table of contents only and accepts a truncated archive, so this
 * reads all of it. A comparison of empty with empty counts as a failure.
 */
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { verbatim, type Message } from "../../lib/messages.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import type { Emit } from "../model/events.ts";
import { withScratchServer, type ScratchServer } from "./scratch-server.ts";
import { withCopyProgress } from "./copy-progress.ts";
import { progressReporter, ROWS } from "../model/progress.ts";
import { duration } from "../model/text.ts";
import { warnOfAbandonedCopies } from "./abandoned-copies.ts";
import { readKeyLines, type KeyLine } from "./dump-scope.ts";
import type { Backup } from "./manifest.ts";
import { childEnvironment, requireTool, runTool } from "./pg-tools.ts";
import { readTableContents, type TableContents } from "./table-contents.ts";
import { fileHash } from "./take-backup.ts";

/** The name of the restored copy; distinct from every target's. */
export const COPY_DATABASE = "newday_restored_copy";

/** pg_restore and the scratch server both speak English (LC_ALL=C). */
const FOREIGN_KEY_VIOLATED = /violates foreign key constraint/;
const ROWS_WITHOUT_OWNER: Message = {
  en:
    " The database holds rows that break this key of its own (W34), so no dump of it can be restored as it is: " +
    "add the missing rows or remove what is named, or leave the dump out and vouch for a provider's snapshot " +
    "with --backup-attested TEXT",
  zh:
    " 数据库中有违反自身外键的行（W34），任何备份都无法原样恢复：" +
    "请补齐缺失的行或删除所指出的内容，或不做备份，改用 --backup-attested 文字 声明云服务商的快照",
};

export interface VerifyOptions {
  readonly backup: Backup;
  readonly binDir?: string | undefined;
  readonly emit: Emit;
}

export interface BackupProof {
  readonly server: string;
  readonly why: Message;
  readonly restoreMs: number;
  readonly tables: number;
  readonly rows: number;
  readonly foreignKeys: number;
}

/** Restores the backup on a scratch server and compares. Throws `repair_refused` when it differs. */
export function verifyBackup(options: VerifyOptions): Promise<BackupProof> {
  return withRestoredCopy(options, ({ proof }) => Promise.resolve(proof));
}

export interface RestoredCopy {
  readonly server: ScratchServer;
  readonly target: ConnectionTarget;
  readonly proof: BackupProof;
}

/** `verifyBackup`, and then `work` on the verified copy before it is deleted. */
export async function withRestoredCopy<T>(
  options: VerifyOptions,
  work: (copy: RestoredCopy) => Promise<T>,
): Promise<T> {
  const { backup, binDir, emit } = options;
  warnOfAbandonedCopies(emit, dirname(backup.path));
  const restore = await checkArchive(options);
  return withScratchServer(majorOf(backup), binDir, async (server) => {
    emit("note", server.why, { server: server.version });
    const target = await createCopy(server, backup, options);
    const started = Date.now();
    await restoreWithProgress({ restore, backup, emit }, { target, server });
    const restoreMs = Date.now() - started;
    const proof = await compare({ backup, target, server, restoreMs, emit });
    reportProof(emit, proof);
    return work({ server, target, proof });
  });
}

/**
 * Reads the whole archive, restoring nothing, and returns the right pg_restore. Throws
 * `repair_refused` for another file than the noted one, or an unreadable end.
 */
export async function checkArchive({ backup, binDir, emit }: VerifyOptions): Promise<string> {
  const restore = requireTool("pg_restore", majorOf(backup), binDir).path;
  await requireSameFile(backup);
  await readBack(restore, backup);
  emit(
    "check",
    { en: "the archive was read to its last byte", zh: "已完整读取备份文件" },
    { ok: true },
  );
  return restore;
}

function majorOf(backup: Backup): number {
  return Math.floor(backup.source.versionNumber / 10_000);
}

async function requireSameFile(backup: Backup): Promise<void> {
  if (!existsSync(backup.path))
    throw bad(backup, { en: "the file is not there", zh: "文件不存在" });
  if (statSync(backup.path).size !== backup.bytes)
    throw bad(backup, {
      en: `it has ${statSync(backup.path).size} bytes, not ${backup.bytes}`,
      zh: `大小为 ${statSync(backup.path).size} 字节，而非 ${backup.bytes}`,
    });
  if ((await fileHash(backup.path)) !== backup.sha256)
    throw bad(backup, {
      en: "its SHA-256 is not the one that was noted",
      zh: "SHA-256 与记录不符",
    });
}

/** Writes the script to nowhere: the only way to have pg_restore decompress every block. */
async function readBack(restore: string, backup: Backup): Promise<void> {
  try {
    await runTool(restore, ["--file=/dev/null", backup.path], {
      PATH: process.env["PATH"] ?? "",
      LC_ALL: "C",
    });
  } catch (cause) {
    throw bad(
      backup,
      { en: `it cannot be read to its end: ${words(cause)}`, zh: `无法读到末尾：${words(cause)}` },
      cause,
    );
  }
}

/** The target's locale may be missing on this machine, which leaves the dump whole. */
async function createCopy(
  server: ScratchServer,
  { path, setup }: Backup,
  { binDir }: VerifyOptions,
): Promise<ConnectionTarget> {
  try {
    return await server.create(COPY_DATABASE, { setup });
  } catch (cause) {
    const { provider, collate, name } = setup.locale ?? {};
    const locale = [provider, name ?? collate].filter(Boolean).join(" ");
    throw refusal(
      "copy_locale_missing",
      { path, locale, server: server.version, words: words(cause) },
      { details: { step: "backup", path, binDir }, cause },
    );
  }
}

/** The scratch server has its own owner and one disk. */
const RESTORE_OPTIONS = ["--no-owner", "--no-privileges", "--no-tablespaces", "--exit-on-error"];

async function restoreInto(
  restore: string,
  backup: Backup,
  { target, server }: { readonly target: ConnectionTarget; readonly server: ScratchServer },
): Promise<void> {
  const { database } = target as { database: string };
  try {
    await runTool(
      restore,
      [...RESTORE_OPTIONS, `--dbname=${database}`, backup.path],
      childEnvironment(target, dirname(backup.path)),
    );
  } catch (cause) {
    const remedy = FOREIGN_KEY_VIOLATED.test(words(cause)) ? ROWS_WITHOUT_OWNER : verbatim("");
    // Every block was read before, so that this says something about the server here.
    throw refusal(
      "copy_not_restorable",
      {
        path: backup.path,
        server: server.version,
        why: { en: `${words(cause)}${remedy.en}`, zh: `${words(cause)}${remedy.zh}` },
      },
      { details: { step: "backup", path: backup.path }, cause },
    );
  }
}

const RESTORING: Message = { en: "restoring the copy", zh: "恢复副本中" };
const COMPARING: Message = { en: "comparing the copy", zh: "比对副本中" };

async function restoreWithProgress(
  { restore, backup, emit }: { restore: string; backup: Backup; emit: Emit },
  place: { readonly target: ConnectionTarget; readonly server: ScratchServer },
): Promise<void> {
  const { contents: tables } = backup;
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const report = progressReporter(emit, { label: RESTORING, unit: ROWS, total });
  await withCopyProgress({ target: place.target, tables, report }, () =>
    restoreInto(restore, backup, place),
  );
  report(total);
}

async function compare(input: {
  backup: Backup;
  target: ConnectionTarget;
  server: ScratchServer;
  restoreMs: number;
  emit: Emit;
}): Promise<BackupProof> {
  const { backup, target, server, restoreMs, emit } = input;
  const sizes = new Map(backup.contents.map(({ table, rows }) => [table, rows]));
  const total = backup.contents.reduce((sum, { rows }) => sum + rows, 0);
  const report = progressReporter(emit, { label: COMPARING, unit: ROWS, total });
  let done = 0;
  report(0);
  const { contents, keys } = await withRepairConnection(target, "compare", async (client) => ({
    contents: await readTableContents(
      client,
      backup.contents.map(({ table }) => ({ name: table })),
      (table) => {
        done += sizes.get(table) ?? 0;
        report(done);
      },
    ),
    keys: await readKeyLines(client),
  })).catch((cause: unknown) => {
    throw bad(
      backup,
      { en: `its tables cannot be read: ${words(cause)}`, zh: `无法读取其中的表：${words(cause)}` },
      cause,
    );
  });
  if (backup.contents.length === 0)
    throw bad(backup, { en: "it holds no table to compare", zh: "其中没有可比对的表" });
  const differences = [
    ...contentDifferences(backup.contents, contents),
    ...keyDifferences(backup.foreignKeys, keys),
  ];
  if (differences.length > 0)
    throw bad(backup, {
      en: `the restored copy differs: ${differences.join("; ")}`,
      zh: `恢复的副本不一致：${differences.join("; ")}`,
    });
  return {
    server: server.version,
    why: server.why,
    restoreMs,
    tables: contents.length,
    rows: contents.reduce((sum, { rows }) => sum + rows, 0),
    foreignKeys: keys.length,
  };
}

function contentDifferences(
  expected: readonly TableContents[],
  found: readonly TableContents[],
): string[] {
  return expected.flatMap(({ table, rows, hash }, index) => {
    const other = found[index];
    if (other?.rows !== rows) return [`${table} has ${other?.rows ?? 0} rows, not ${rows}`];
    return other.hash === hash ? [] : [`${table} has other contents in its ${rows} rows`];
  });
}

function keyDifferences(expected: readonly KeyLine[], found: readonly KeyLine[]): string[] {
  const line = ({ table, name, definition }: KeyLine) => `${table} ${name} ${definition}`;
  const [before, after] = [new Set(expected.map(line)), new Set(found.map(line))];
  return [
    ...[...before].filter((key) => !after.has(key)).map((key) => `key missing: ${key}`),
    ...[...after].filter((key) => !before.has(key)).map((key) => `key added: ${key}`),
  ];
}

function reportProof(emit: Emit, proof: BackupProof): void {
  const { tables, rows, foreignKeys, restoreMs } = proof;
  emit(
    "check",
    {
      en: `restored in ${duration(restoreMs)} and equal: ${tables} tables, ${rows} rows (count and hash), and all ${foreignKeys} foreign keys of the database`,
      zh: `已在 ${duration(restoreMs)} 内恢复且一致：${tables} 张表、${rows} 行（行数与哈希）、数据库的全部 ${foreignKeys} 个外键`,
    },
    { ...proof, ok: true },
  );
}

function bad({ path }: Backup, reason: Message, cause?: unknown): NewDayError {
  return refusal(
    "backup_damaged",
    { path, why: reason },
    { details: { step: "backup", path }, cause },
  );
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
