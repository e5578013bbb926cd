/** The socket folder of a PostgreSQL server of our own, whose path has a length limit. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** sun_path holds 107 bytes and the end; macOS holds less, so we stay well below. */
const SOCKET_PATH_BYTES_MAX = 100;
/** For a socket whose own folder has too long a name; TMPDIR itself may be the long one. */
const SHORT_FOLDER = "/tmp/newday-";

/** `preferred`, or a new folder where its path would be too long for the socket of this number. */
export function chooseSocketFolder(preferred: string, port: number): string {
  const socket = join(preferred, `.s.PGSQL.${port}`);
  return Buffer.byteLength(socket) <= SOCKET_PATH_BYTES_MAX ? preferred : mkdtempSync(SHORT_FOLDER);
}

/** Removes a folder that was made only because the preferred one has too long a name. */
export function releaseSocketFolder(folder: string): void {
  if (folder.startsWith(SHORT_FOLDER)) rmSync(folder, { recursive: true, force: true });
}
