/** The backup as a step: taken once per run, recognised by its hash, or attested by a person. */
import { existsSync } from "node:fs";
import { refusal } from "../../errors/refusals.ts";
import { fileHash } from "../backup/take-backup.ts";
import { takeVerifiedBackup } from "../backup/verified-backup.ts";
import { readEvents } from "../journal/journal-queries.ts";
import { runStep, skipStep, type Observation, type StepStatus } from "../journal/step.ts";
import type { ApplyContext } from "./apply.ts";
import type { Message } from "../../lib/messages.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export type BackupChoice =
  | {
      readonly kind: "dump";
      readonly folder: string;
      readonly binDir?: string | undefined;
      readonly full: boolean;
    }
  /** A provider's snapshot or the like, attested with its place. */
  | { readonly kind: "attested"; readonly evidence: string; readonly actor: string };

const TITLE: Message = { en: "Backup", zh: "备份" };

export async function backupStep(context: ApplyContext): Promise<StepStatus> {
  const { backup } = context.request;
  if (backup.kind === "attested")
    return skipStep(
      context,
      { key: "backup", title: { en: "Backup vouched for", zh: "备份由操作员担保" } },
      { status: "attested", actor: backup.actor, why: backup.evidence },
    );
  const status = await runStep(context, {
    key: "backup",
    title: TITLE,
    observe: () => findBackup(context),
    act: async () => {
      const { target, plan } = context.request;
      const { emit, journal } = context;
      const { backup: taken, proof } = await takeVerifiedBackup({ target, plan, emit, ...backup });
      await journal.append("artefact", { kind: "dump", ...taken, restored: proof ?? false });
      const { path, sha256, structureOnly } = taken;
      return { path, sha256, restored: proof !== undefined, structureOnly };
    },
  });
  if (status === "failed") throw refusal("backup_file_gone", {}, { details: { step: "backup" } });
  return status;
}

interface Dump {
  readonly path: string;
  readonly sha256: string;
  /** The result of the comparison with the restored copy; false without one. */
  readonly restored: unknown;
  /** Tables without their rows in the dump. */
  readonly structureOnly?: readonly string[];
}

/** The dump of an earlier attempt of this run, if its file is unchanged. */
async function findBackup({ side, journal, request }: ApplyContext): Promise<Observation> {
  // Where the role may keep no journal in the database, the local one is the only record.
  const events = journal.inDatabase ? await readEvents(side) : (request.local?.records() ?? []);
  for (const { runId, kind, body } of events.toReversed()) {
    if (runId !== journal.runId || kind !== "artefact") continue;
    // Other artefacts of the run have no file.
    const { path, sha256, restored, structureOnly } = parseStoredJson(body) as Partial<Dump>;
    if (path === undefined || sha256 === undefined) continue;
    if (existsSync(path) && (await fileHash(path)) === sha256)
      return {
        holds: true,
        evidence: { path, sha256, restored: Boolean(restored), structureOnly },
      };
  }
  return { holds: false, evidence: {} };
}
