/** Takes a backup and verifies it, as one act; an unverifiable part is named. */
import { isNewDayError } from "../../errors/errors.ts";
import type { Emit } from "../model/events.ts";
import type { Backup } from "./manifest.ts";
import { takeBackup, type BackupRequest } from "./take-backup.ts";
import {
  checkArchive,
  verifyBackup,
  type BackupProof,
  type VerifyOptions,
} from "./verify-backup.ts";

export interface VerifiedBackup {
  readonly backup: Backup;
  /** Undefined when this machine lacks a server of that version: the archive was read only. */
  readonly proof: BackupProof | undefined;
}

/** Throws `repair_refused` when the dump fails or turns out bad; the database is read only. */
export async function takeVerifiedBackup(
  request: BackupRequest & { readonly emit: Emit },
): Promise<VerifiedBackup> {
  const { emit, binDir } = request;
  const backup = await takeBackup(request);
  reportTaken(emit, backup);
  return { backup, proof: await prove({ backup, binDir, emit }) };
}

async function prove(options: VerifyOptions): Promise<BackupProof | undefined> {
  try {
    return await verifyBackup(options);
  } catch (error) {
    if (!isNewDayError(error) || error.details["tool"] !== "postgres") throw error;
    await checkArchive(options);
    options.emit(
      "warning",
      {
        en: `The archive was read to its end, but not restored. ${error.message}`,
        zh: `备份文件可完整读取，但未做恢复验证。${error.message}`,
      },
      { restored: false },
    );
    return undefined;
  }
}

/** Names the file, its size and when it must be deleted. */
export function reportTaken(emit: Emit, backup: Backup): void {
  const { path, bytes, tool, sha256, deleteAfter } = backup;
  const hash = `sha256 ${sha256.slice(0, 12)}…`;
  const day = deleteAfter.slice(0, 10);
  emit(
    "artefact",
    {
      en: `${path} (${bytes} bytes, ${tool}, ${hash}); holds personal data, delete it after ${day}`,
      zh: `${path}（${bytes} 字节，${tool}，${hash}）；含个人数据，请在 ${day} 之后删除`,
    },
    { ...backup },
  );
}
