import type { OperatorSession } from "@newday/sdk/admin";
import { callAdmin } from "./admin-client.ts";
import { SESSION_KEY } from "./queries.ts";

/** The options of the query for the operator's own session; null once it has ended. */
export function sessionQuery() {
  return {
    queryKey: SESSION_KEY,
    queryFn: (): Promise<OperatorSession | null> => callAdmin("getOperatorSession", {}),
  };
}
