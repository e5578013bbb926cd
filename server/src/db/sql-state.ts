/** The only place where SQLSTATE and constraint names are translated (docs/incidents.md A2). */
import type { ErrorCode } from "../errors/error-table.ts";
import { NewDayError } from "../errors/errors.ts";
import { findFileError } from "../lib/file-error.ts";
import { placeOf, type ErrorPlace } from "./error-places.ts";

export const SQL_STATE = {
  uniqueViolation: "23505",
  foreignKeyViolation: "23503",
  checkViolation: "23514",
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  invalidCatalogName: "3D000",
  readOnlyTransaction: "25006",
  undefinedTable: "42P01",
  insufficientPrivilege: "42501",
  /** Providers answer so to what they switched off. */
  featureNotSupported: "0A000",
  /** The lock table is full, for one. */
  outOfMemory: "53200",
} as const;

/**
 * SQLSTATEs of our own, each with one meaning. Migrations raise the first four, so that databases in
 * use hold them; the batches of the repair raise the others.
 */
export const OWN_SQL_STATE = {
  /** Rows changed after they were read. */
  staleRows: "ND001",
  /** A row of an append-only table was changed. */
  appendOnly: "ND002",
  /** Money or items were changed outside the posting sessions. */
  postingOnly: "ND003",
  /** A batch was sent behind one that was not committed. */
  batchBehind: "ND004",
  /** Rollback: a key of this name exists already. */
  rollbackKeyPresent: "ND011",
  /** Rollback: an orphan row that had to move stayed. */
  rollbackRowsDiffer: "ND012",
  /** Rollback: a trigger or a rule runs for each row that moves. */
  rollbackHook: "ND013",
  /** Drop: the set of keys differs from the plan's. */
  dropKeysDiffer: "ND021",
  /** Drop: afterwards a key of the plan's kind still exists. */
  dropKeyRemains: "ND022",
  /** Drop: a PRIMARY KEY or UNIQUE index has changed. */
  dropIndexChanged: "ND023",
  /** Drop: another property of the tables differs from the plan's. */
  dropStructureChanged: "ND024",
  /** Drop: an orphan row was refused although the keys are gone. */
  dropProbeFailed: "ND025",
} as const;

/** The SQLSTATE (or Node's system error code) of an error, searched through its causes. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === "string" && !(current instanceof NewDayError)) return code;
  }
  return undefined;
}

/** The constraint that refused a row, if the error names one. */
export function constraintOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const constraint = (current as { constraint?: unknown }).constraint;
    if (typeof constraint === "string") return constraint;
  }
  return undefined;
}

/**
 * Turns a driver error into a `NewDayError` when the database is unreachable or busy. Errors of the
 * statement itself are returned as they are.
 */
export function mapDatabaseError(error: unknown): unknown {
  if (error instanceof NewDayError) return error;
  const code = codeFor(error);
  return code === undefined ? error : new NewDayError(code, {}, { cause: error });
}

/** Why a database or system error is a fault, for the log; undefined where a retry may help. */
export function faultReasonOf(error: unknown): string | undefined {
  const state = sqlStateOf(error);
  const place = state === undefined ? undefined : placeOf(state);
  if (!place) return undefined;
  if (isLocal(error, place)) return "a file of this machine is missing or closed to the process";
  return "fault" in place ? place.fault : undefined;
}

/** ENOENT and EACCES say that the database is out of reach only where they come from a socket. */
function isLocal(error: unknown, place: ErrorPlace): boolean {
  const isOutOfReach = "retry" in place && place.retry === "database_unavailable";
  return isOutOfReach && findFileError(error) !== undefined;
}

function codeFor(error: unknown): ErrorCode | undefined {
  const state = sqlStateOf(error);
  const place = state === undefined ? undefined : placeOf(state);
  if (place && isLocal(error, place)) return undefined;
  if (place) return "retry" in place ? place.retry : undefined;
  const lost =
    error instanceof Error &&
    /Connection terminated|timeout exceeded|timeout expired|not queryable/.test(error.message);
  return lost || isUnanswered(error) ? "database_unavailable" : undefined;
}

/** True for a statement that ended at its limit of time, on either side. */
export function isTimedOut(error: unknown): boolean {
  return isUnanswered(error) || sqlStateOf(error) === SQL_STATE.queryCanceled;
}

/** True when the server has not answered a statement in time: its connection is of no more use. */
export function isUnanswered(error: unknown): boolean {
  const cause = error instanceof NewDayError ? error.cause : error;
  return cause instanceof Error && cause.message === "Query read timeout";
}
