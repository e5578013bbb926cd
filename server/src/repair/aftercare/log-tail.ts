/**
 * The lines that are written to a file from now on, across rotation by renaming and by truncating.
 *
 * A line is handed over whole or not at all: what was cut at the end of a read waits for its rest.
 * Of a file that was renamed everything is read before the new one is begun; what a truncation takes
 * away between two reads is gone for every reader.
 */
import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { NewDayError } from "../../errors/errors.ts";

const CHUNK_BYTES = 1 << 20;
/** Longer lines are statements, not errors; a file without line ends must not fill the memory. */
const MAX_LINE_BYTES = 1 << 20;
/** As much of what was read last as tells whether the file was emptied and has grown again. */
const FINGERPRINT_BYTES = 64;
const NEWLINE = 0x0a;

export interface TailRead {
  readonly lines: readonly string[];
  readonly bytes: number;
  /** `absent` is a file that may still come, `unreadable` names the system's reason. */
  readonly state: "followed" | "absent" | "unreadable";
  readonly reason: string | undefined;
}

export interface LogTail {
  read(): Promise<TailRead>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly identity: string;
  offset: number;
  /** The bytes before `offset`. */
  fingerprint: Buffer;
  rest: Buffer;
  /** In a line whose beginning was not seen or was too long. */
  skipping: boolean;
}

/**
 * Begins at the file's present end, or at its beginning if it comes later. Throws `repair_usage`
 * (exit 2) for what is no regular file or may not be read.
 */
export async function openLogTail(path: string): Promise<LogTail> {
  let file = await openFile(path, "end").catch((cause: unknown) => refuse(path, cause));
  return {
    async read() {
      const lines: string[] = [];
      let bytes = file ? await drain(file, lines) : 0;
      try {
        const identity = await identify(path);
        if (identity !== undefined && identity !== file?.identity) {
          const old = file;
          file = undefined; // also when the new one cannot be opened: the old one is closed by then
          if (old) bytes += await finish(old, lines);
          file = await openFile(path, "start");
          if (file) bytes += await drain(file, lines);
        }
        return { lines, bytes, state: identity ? "followed" : "absent", reason: undefined };
      } catch (error) {
        return { lines, bytes, state: "unreadable", reason: reasonOf(error) };
      }
    },
    close: async () => file?.handle.close(),
  };
}

/** Undefined when there is no file yet. */
async function identify(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error("it is not a regular file");
    return `${found.dev}:${found.ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function openFile(path: string, from: "start" | "end"): Promise<OpenFile | undefined> {
  if ((await identify(path)) === undefined) return undefined;
  const handle = await open(path, constants.O_RDONLY);
  const { dev, ino, size } = await handle.stat();
  const file: OpenFile = {
    handle,
    identity: `${dev}:${ino}`,
    offset: from === "end" ? size : 0,
    fingerprint: Buffer.alloc(0),
    rest: Buffer.alloc(0),
    skipping: false,
  };
  if (file.offset > 0) {
    file.fingerprint = await readAt(file, Math.max(0, size - FINGERPRINT_BYTES), FINGERPRINT_BYTES);
    file.skipping = file.fingerprint.at(-1) !== NEWLINE;
  }
  return file;
}

/** The rest of a file that goes: its last line has no end any more. */
async function finish(file: OpenFile, lines: string[]): Promise<number> {
  const bytes = await drain(file, lines);
  if (file.rest.length > 0 && !file.skipping) lines.push(file.rest.toString("utf8"));
  await file.handle.close();
  return bytes;
}

async function drain(file: OpenFile, lines: string[]): Promise<number> {
  if (await wasEmptied(file))
    Object.assign(file, {
      offset: 0,
      fingerprint: Buffer.alloc(0),
      rest: Buffer.alloc(0),
      skipping: false,
    });
  for (let bytes = 0; ;) {
    const chunk = await readAt(file, file.offset, CHUNK_BYTES);
    if (chunk.length === 0) return bytes;
    bytes += chunk.length;
    file.offset += chunk.length;
    file.fingerprint = Buffer.concat([file.fingerprint, chunk]).subarray(-FINGERPRINT_BYTES);
    take(file, chunk, lines);
  }
}

async function wasEmptied(file: OpenFile): Promise<boolean> {
  const { length } = file.fingerprint;
  const now = await readAt(file, file.offset - length, length);
  return !now.equals(file.fingerprint);
}

function take(file: OpenFile, chunk: Buffer, lines: string[]): void {
  const data = Buffer.concat([file.rest, chunk]);
  const end = data.lastIndexOf(NEWLINE);
  if (end >= 0) {
    const whole = data.toString("utf8", 0, end).split("\n");
    lines.push(...(file.skipping ? whole.slice(1) : whole));
    file.skipping = false;
  }
  file.rest = Buffer.from(data.subarray(end + 1));
  if (file.rest.length <= MAX_LINE_BYTES) return;
  file.rest = Buffer.alloc(0);
  file.skipping = true;
}

async function readAt({ handle }: OpenFile, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function refuse(path: string, cause: unknown): never {
  throw new NewDayError(
    "repair_usage",
    { option: "--server-log", path },
    {
      message: `--server-log: ${path} cannot be read (${reasonOf(cause)}). It must be a regular file that this user may read, or the name of one that will come; name PostgreSQL's log file, or run as a user who may read it (on Debian a member of group adm).`,
      cause,
    },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
