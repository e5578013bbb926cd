/** The only place where SQLSTATE and constraint names are translated (docs/incidents.md A2). */
import type { ErrorCode } from "../errors/error-table.ts";
import { NewDayError } from "../errors/errors.ts";

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
} as const;

/**
 * The server is unreachable, stopping or full, or refuses us: dropped database, changed password, a
 * standby in its place. This process may also lack files or ports for one more connection.
 */
const UNREACHABLE = new Set<string>([
  "ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "ENOENT", "ENOTFOUND", "EPIPE", "ETIMEDOUT",
  "EAI_AGAIN", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EACCES",
  "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM",
  SQL_STATE.readOnlyTransaction, SQL_STATE.invalidCatalogName,
]); // prettier-ignore

/**
 * Classes of SQLSTATE that say nothing about the statement: connection, authorization, resources
 * (memory, disk, connections), intervention of an operator, system error.
 */
const UNREACHABLE_CLASSES = ["08", "28", "53", "57P", "58"];

const BUSY = new Set<string>([
  SQL_STATE.lockNotAvailable,
  SQL_STATE.queryCanceled,
  SQL_STATE.deadlockDetected,
  SQL_STATE.serializationFailure,
]);

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

function codeFor(error: unknown): ErrorCode | undefined {
  const state = sqlStateOf(error);
  if (state !== undefined && isUnreachable(state)) return "database_unavailable";
  if (state !== undefined && BUSY.has(state)) return "database_busy";
  const lost =
    error instanceof Error &&
    /Connection terminated|timeout exceeded|not queryable/.test(error.message);
  return lost ? "database_unavailable" : undefined;
}

function isUnreachable(state: string): boolean {
  return UNREACHABLE.has(state) || UNREACHABLE_CLASSES.some((name) => state.startsWith(name));
}
