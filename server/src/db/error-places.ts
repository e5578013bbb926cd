/**
 * The place of every SQLSTATE and system error: what callers are told. A code of the error table
 * that allows a retry, or a fault with its reason, which reaches the log.
 */
import type { ErrorCode } from "../errors/error-table.ts";

/** A retry may succeed: 503 with `Retry-After`. */
type RetryLater = Extract<
  ErrorCode,
  "database_unavailable" | "database_busy" | "database_read_only" | "system_exhausted"
>;

export type ErrorPlace = { readonly retry: RetryLater } | { readonly fault: string };

const UNAVAILABLE: ErrorPlace = { retry: "database_unavailable" };
const BUSY: ErrorPlace = { retry: "database_busy" };
const EXHAUSTED: ErrorPlace = { retry: "system_exhausted" };

/** By class, the first two characters (PostgreSQL's appendix A). */
const CLASSES: Readonly<Record<string, ErrorPlace>> = {
  "00": { fault: "success reported as an error" },
  "01": { fault: "a warning reported as an error" },
  "02": { fault: "no data where a row is certain" },
  "03": { fault: "a statement before the one before it was complete" },
  "08": UNAVAILABLE,
  "09": { fault: "a trigger raised an exception" },
  "0A": { fault: "the server lacks a feature that a statement needs" },
  "0B": { fault: "a transaction was begun in a wrong state" },
  "0F": { fault: "an invalid locator" },
  "0L": { fault: "an invalid grantor" },
  "0P": { fault: "an invalid role" },
  "0Z": { fault: "diagnostics without an error" },
  "10": { fault: "an XQuery error" },
  "20": { fault: "a CASE without a branch" },
  "21": { fault: "more rows than a statement allows" },
  "22": { fault: "a value that its type does not take: a rule is missing before the database" },
  "23": { fault: "a constraint refused a row that no rule foresaw" },
  "24": { fault: "an invalid cursor state" },
  "25": { fault: "a statement in a wrong state of the transaction" },
  "26": { fault: "an unknown prepared statement" },
  "27": { fault: "a trigger changed the rows of its own statement" },
  "28": UNAVAILABLE,
  "2B": { fault: "a privilege that others depend on" },
  "2D": { fault: "a transaction was ended in a wrong place" },
  "2F": { fault: "a function failed" },
  "34": { fault: "an invalid cursor name" },
  "38": { fault: "an external routine failed" },
  "39": { fault: "an external routine was called wrongly" },
  "3B": { fault: "an unknown savepoint" },
  "3D": UNAVAILABLE,
  "3F": { fault: "an unknown schema" },
  "40": BUSY,
  "42": { fault: "a statement that does not fit the schema or the rights of the role" },
  "44": { fault: "a row outside its view" },
  "53": EXHAUSTED,
  "54": { fault: "a statement beyond the limits of the server" },
  "55": { fault: "an object in a wrong state" },
  "57": BUSY,
  "58": UNAVAILABLE,
  "72": BUSY,
  F0: UNAVAILABLE,
  HV: { fault: "a foreign data wrapper failed" },
  ND: { fault: "a guard of our own refused" },
  P0: { fault: "a function raised an exception" },
  XX: { fault: "an internal error of PostgreSQL: read its log" },
};

/** States whose place differs from that of their class. */
const STATES: Readonly<Record<string, ErrorPlace>> = {
  "08P01": { fault: "the two sides disagree about the protocol" },
  "25006": { retry: "database_read_only" },
  "25P03": BUSY,
  "25P04": BUSY,
  "40002": { fault: "a constraint refused the transaction" },
  "40003": UNAVAILABLE,
  "53300": UNAVAILABLE,
  "55006": BUSY,
  "55P03": BUSY,
  "57P01": UNAVAILABLE,
  "57P02": UNAVAILABLE,
  "57P03": UNAVAILABLE,
  "57P04": UNAVAILABLE,
  "57P05": UNAVAILABLE,
  "58P01": { fault: "the server lacks a file" },
  "58P02": { fault: "a file of the server exists already" },
  "58P03": { fault: "a file name of the server is too long" },
};

function named(place: ErrorPlace, names: string): [string, ErrorPlace][] {
  return names.split(" ").map((name) => [name, place]);
}

/** By Node's name of the system error. */
const SYSTEM_ERRORS: ReadonlyMap<string, ErrorPlace> = new Map([
  // The database, its host or its socket is out of reach.
  ...named(
    UNAVAILABLE,
    "ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ETIME ENOTCONN EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN ENETRESET ENOENT ENOTFOUND EAI_AGAIN EAI_FAIL EAI_NODATA EADDRNOTAVAIL EACCES ESHUTDOWN ENOLINK",
  ),
  // A limit of the process or of the machine.
  ...named(
    EXHAUSTED,
    "EMFILE ENFILE ENOMEM ENOBUFS ENOSPC EDQUOT EAGAIN EWOULDBLOCK ENOLCK ENOSR EAI_MEMORY",
  ),
  ...named(BUSY, "EBUSY EDEADLK EINTR ETXTBSY EINPROGRESS EALREADY"),
  ...named({ fault: "the process lacks a right on a file or an address" }, "EPERM EROFS"),
  ...named({ fault: "a disk or a device failed" }, "EIO ENODEV ENXIO ESTALE"),
  ...named({ fault: "the address is taken" }, "EADDRINUSE"),
  ...named(
    { fault: "a file is not as the server made it" },
    "EEXIST EISDIR ENOTDIR ENOTEMPTY ELOOP EMLINK ENAMETOOLONG EFBIG EXDEV ESPIPE ENOEXEC",
  ),
  ...named(
    { fault: "a call of the operating system was made wrongly" },
    "E2BIG EAFNOSUPPORT EBADF EBADMSG ECANCELED ECHILD EDESTADDRREQ EDOM EFAULT EIDRM EILSEQ EINVAL EISCONN EMSGSIZE EMULTIHOP ENODATA ENOMSG ENOPROTOOPT ENOSTR ENOSYS ENOTSOCK ENOTSUP ENOTTY EOPNOTSUPP EOVERFLOW EPROTO EPROTONOSUPPORT EPROTOTYPE ERANGE ESRCH",
  ),
]);

/** The place of a SQLSTATE or of a system error; undefined for other codes, such as Node's own. */
export function placeOf(code: string): ErrorPlace | undefined {
  const system = SYSTEM_ERRORS.get(code);
  if (system) return system;
  return /^[0-9A-Z]{5}$/.test(code) ? (STATES[code] ?? CLASSES[code.slice(0, 2)]) : undefined;
}
