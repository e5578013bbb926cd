/**
 * Copies of production's rows that a run left behind when the machine lost its power.
 *
 * The process that cleans up after a killed run (`scratch-cleanup.ts`) dies with the machine, so
 * each copy carries a note of its run; later commands name those whose run is gone.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProcessAlive } from "../../db/cluster.ts";
import { hostIdentity } from "../../db/embedded/host-identity.ts";
import type { Emit } from "../model/events.ts";
import { shellWord } from "../model/text.ts";

/** Names of the folders of scratch servers, in the folder of temporary files. */
export const SCRATCH_PREFIX = "newday-scratch-";
/** The name of a dump until it is whole. */
export const UNFINISHED = ".unfinished";
const NOTE = "run.json";

interface Run {
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
}

/** Notes this process as the owner of a scratch folder. */
export function noteOwner(folder: string): void {
  const { boot, namespace } = hostIdentity();
  const run: Run = { boot, namespace, pid: process.pid };
  writeFileSync(join(folder, NOTE), JSON.stringify(run), { mode: 0o600 });
}

/** Warns of every abandoned copy here, with the command that removes it. */
export function warnOfAbandonedCopies(emit: Emit, dumps?: string): void {
  const unfinished = dumps === undefined ? [] : findUnfinishedDumps(dumps);
  for (const path of [...findAbandoned(), ...unfinished]) {
    const command = `rm -rf ${shellWord(path)}`;
    emit(
      "warning",
      {
        en: `A run that is gone left a copy of the database's rows in ${path}. Remove it: ${command}`,
        zh: `一次已结束的运行在 ${path} 留下了数据库内容的副本。请删除：${command}`,
      },
      { path, command },
    );
  }
}

function findAbandoned(): string[] {
  return namesIn(tmpdir())
    .filter((name) => name.startsWith(SCRATCH_PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter(isAbandoned);
}

/** Unknown in another container's namespace: its process numbers mean nothing here. */
function isAbandoned(folder: string): boolean {
  const run = readRun(folder);
  if (!run) return false;
  const { boot, namespace } = hostIdentity();
  if (run.boot !== boot) return true;
  return run.namespace === namespace && !isProcessAlive(run.pid);
}

function readRun(folder: string): Run | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, NOTE), "utf8")) as Run;
  } catch {
    return undefined;
  }
}

/** A dump that is being written changes at least once a minute. */
const SILENT_MS = 60_000;

function findUnfinishedDumps(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(UNFINISHED))
    .map((name) => join(folder, name))
    .filter((path) => Date.now() - statSync(path).mtimeMs > SILENT_MS);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
