/** Makes a folder that a person named, wherever it is. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes the folder with this mode and its missing parents, which stay passable; true when it is new. Each by
 * a call of its own: where a file system takes no folders, such as /proc, Node's recursive call never ends.
 * Throws the system's error.
 */
export function makeFolder(named: string, mode?: number): boolean {
  const folder = resolve(named);
  if (existsSync(folder)) return false;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, mode);
    return true;
  } catch (error) {
    // Another process has made it meanwhile.
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && existsSync(folder)) return false;
    throw error;
  }
}
