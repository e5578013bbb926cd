/**
 * Files and folders that a command is told to write. They are checked before the work whose result
 * they take; a file is whole afterwards, or not there.
 */
import {
  accessSync,
  chmodSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../../lib/make-folder.ts";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { isFileError, type FileError } from "../../lib/file-error.ts";

/** Only the user reads it: plans and reports name rows, sessions and people. */
const OWNER_ONLY = 0o600;
const PRIVATE_FOLDER = 0o700;
/** For files that go into a ticket or a repository; the user's umask decides. */
export const SHARED_MODE = 0o666;

/** Makes a folder of mode 0700, whatever the umask; an existing one, such as /tmp, keeps its rights. */
export function makePrivateFolder(folder: string): void {
  asRefusal(folder, () => {
    if (makeFolder(folder, PRIVATE_FOLDER)) chmodSync(folder, PRIVATE_FOLDER);
    // Throws ENOTDIR for a file.
    accessSync(`${folder}/.`, constants.W_OK | constants.X_OK);
  });
}

/**
 * Throws `repair_usage` when a file at `path` could not be written. A command asks before its work,
 * because people would wait for a result that has no place.
 */
export function requireWritableFile(path: string): void {
  asRefusal(path, () => {
    // Throws for a name that is too long, or below a file.
    const present = statSync(path, { throwIfNoEntry: false });
    if (present?.isDirectory())
      throw refusal(
        "file_of_wrong_kind",
        { path, words: `${path} is a folder` },
        { details: { path } },
      );
    if (present) accessSync(path, constants.W_OK);
    // Below a file Node 24 reports no error but no entry; with "/." the system refuses it by its kind.
    else accessSync(`${dirname(resolve(path))}/.`, constants.W_OK | constants.X_OK);
  });
}

/** A file that is mounted by itself, or whose folder takes no new file, cannot be replaced by a rename. */
const WRITTEN_IN_PLACE: ReadonlySet<string> = new Set([
  "EBUSY",
  "EXDEV",
  "EACCES",
  "EPERM",
  "EROFS",
]);

/**
 * Writes a file that only its owner reads. A full disk leaves the file as it was before, unless the file is
 * mounted by itself: such a file is written in place.
 */
export function writeOutput(path: string, text: string, mode = OWNER_ONLY): void {
  asRefusal(path, () => {
    const present = statSync(path, { throwIfNoEntry: false });
    // A device or a pipe, such as /dev/stdout, has no other file to take its place.
    if (present && !present.isFile()) return writeFileSync(path, text);
    const place = present ? realpathSync(path) : path;
    const unfinished = join(dirname(place), `.newday-${process.pid}`);
    try {
      writeFileSync(unfinished, text, { mode: present ? present.mode & 0o777 : mode, flag: "wx" });
      renameSync(unfinished, place);
    } catch (error) {
      rmSync(unfinished, { force: true });
      if (!present || !isFileError(error) || !WRITTEN_IN_PLACE.has(error.code)) throw error;
      writeFileSync(place, text);
    }
  });
}

/** Runs work on files; a failed call becomes a refusal that names `path`. */
function asRefusal(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw isFileError(error) ? fileRefusal(error, path) : error;
  }
}

/** The refusal of a failed call on a file: which file, why, and what to do. */
export function fileRefusal(error: FileError, path = error.path ?? "?"): NewDayError {
  const words = error.message.split(",", 1)[0] ?? error.code;
  const facts = { details: { path, code: error.code }, cause: error };
  switch (error.code) {
    case "ENOENT":
      return refusal("folder_missing", { path }, facts);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return refusal("file_not_allowed", { path, words }, facts);
    case "EISDIR":
    case "ENOTDIR":
    case "EEXIST":
      return refusal("file_of_wrong_kind", { path, words }, facts);
    case "ENAMETOOLONG":
    case "ELOOP":
    case "EINVAL":
      return refusal("file_name_invalid", { path, words }, facts);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return refusal("disk_full", { path, words }, facts);
    default:
      return refusal("file_failed", { path, words: error.message }, facts);
  }
}
