/** Tells errors of files from those of sockets: both carry the names of the operating system. */

/** Node's name of the system error and the call that failed. */
export interface FileError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** Calls on an address or a name; `read` and `write` are calls on both. */
const SOCKET_CALL = /^(connect|getaddrinfo|getnameinfo|bind|listen|accept|shutdown|query\w*)$/;
const READ_OR_WRITE = /^(read|write)$/;
const FILE_CODE = /^(EACCES|EDQUOT|EFBIG|EIO|EISDIR|ENOENT|ENOSPC|ENOTDIR|EPERM|EROFS)$/;

/** True for an error of a call on a file or a folder. */
export function isFileError(error: unknown): error is FileError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as Partial<FileError>;
  if (typeof code !== "string" || typeof syscall !== "string") return false;
  return READ_OR_WRITE.test(syscall) ? FILE_CODE.test(code) : !SOCKET_CALL.test(syscall);
}

/** The file error among an error and its causes. */
export function findFileError(error: unknown): FileError | undefined {
  for (let current = error; current instanceof Error; current = current.cause)
    if (isFileError(current)) return current;
  return undefined;
}
