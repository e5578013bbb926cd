/**
 * initdb and `postgres --single` ask the system for the name of their user, and end without one, although
 * they are told another name to use. Containers run under user ids without a line in /etc/passwd.
 *
 * So copies of both programs import `getpwent` in place of `getpwuid`: it needs no user id and returns the
 * first line of /etc/passwd. Both names have eight letters, the same result and the same version in the C
 * libraries of Linux. The copies make a cluster and are removed; the server itself runs from the originals.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** The message of the two programs to a user id without a name. */
export const NAMELESS = "could not look up effective user ID";

const IMPORTED = Buffer.from("\0getpwuid\0");
const REPLACEMENT = Buffer.from("\0getpwent\0");
const PROGRAMS = ["initdb", "postgres"];
/** Beside the programs of a relocatable installation; others are found where they were built for. */
const COMPANIONS = ["lib", "share"];

/** Calls `work` with a folder of programs that run without a name, made in `folder` and then removed. */
export function withNamelessPrograms<T>(
  binDir: string,
  folder: string,
  work: (binDir: string) => T,
): T {
  try {
    mkdirSync(join(folder, "bin"), { recursive: true });
    for (const name of COMPANIONS) {
      const original = join(binDir, "..", name);
      if (existsSync(original)) symlinkSync(original, join(folder, name));
    }
    for (const name of PROGRAMS) copyNameless(join(binDir, name), join(folder, "bin", name));
    for (const path of [folder, join(folder, "bin")]) chmodSync(path, 0o755);
    return work(join(folder, "bin"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyNameless(original: string, copy: string): void {
  const program = readFileSync(original);
  const at = program.indexOf(IMPORTED);
  if (at < 0) cpSync(original, copy);
  else {
    REPLACEMENT.copy(program, at);
    writeFileSync(copy, program);
  }
  chmodSync(copy, 0o755);
}
