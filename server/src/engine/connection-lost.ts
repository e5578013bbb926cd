import { isNewDayError } from "../errors/errors.ts";

/** The server is gone, or going; whether the last COMMIT was carried out is unknown. */
export function isConnectionLost(error: unknown): boolean {
  return isNewDayError(error) && error.code === "database_unavailable";
}
