/** `GET /api/health`: build, mode, database, and the state of the repair. */
import type { ServerStatus } from "@newday/sdk";
import { isApiError } from "./api-error.ts";
import { send } from "./send.ts";

/** Cards of the overview follow the server this closely. */
const REFRESH_MS = 10_000;

export const STATUS_QUERY = {
  queryKey: ["/api/health"],
  queryFn: readStatus,
  refetchInterval: REFRESH_MS,
} as const;

/** A server without its database answers 503 with the same body. Errors: `ApiError`. */
async function readStatus(): Promise<ServerStatus> {
  try {
    return (await send("/api/health", { headers: { accept: "application/json" } })) as ServerStatus;
  } catch (error) {
    if (isApiError(error) && isStatus(error.problem)) return error.problem;
    throw error;
  }
}

function isStatus(body: object): body is ServerStatus {
  return "database" in body && "repair" in body;
}
