import { isNewDayError } from "../errors/errors.ts";

/** The server is gone, or going; the outcome of the last COMMIT is unknown. */
export function isConnectionLost(error: unknown): boolean {
  return isNewDayError(error) && error.code === "database_unavailable";
}
