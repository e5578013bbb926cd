import type { OperatorSession, Role } from "@newday/sdk/admin";
import { useQuery } from "@tanstack/react-query";
import { callAdmin } from "./admin-client.ts";
import { SESSION_KEY } from "./queries.ts";

/** The options of the query for the operator's own session; null once it has ended. */
export function sessionQuery() {
  return {
    queryKey: SESSION_KEY,
    queryFn: (): Promise<OperatorSession | null> => callAdmin("getOperatorSession", {}),
  };
}

/** Each may do what the ones before it may. */
const ROLES: readonly Role[] = ["viewer", "support", "economist", "owner"];

/** Whether the operator may do what a role may. The server decides; the screen leaves out what it would refuse. */
export function useHasRole(): (role: Role) => boolean {
  const own = useQuery(sessionQuery()).data?.role;
  return (role) => own !== undefined && ROLES.indexOf(own) >= ROLES.indexOf(role);
}
