/** TanStack Query over the typed client: one key for each operation and input. */
import { QueryCache, QueryClient, queryOptions, MutationCache } from "@tanstack/react-query";
import { callAdmin, type InputOf, type OperationId } from "./admin-client.ts";
import { isApiError } from "./api-error.ts";

const UNAUTHORIZED = 401;
/** Screens show the present; going back and forth within seconds asks once. */
const STALE_AFTER_MS = 5_000;

export const SESSION_KEY = ["getOperatorSession", {}] as const;

/** The options of a reading query. */
export function adminQuery<Id extends OperationId>(id: Id, input: InputOf<Id>) {
  return queryOptions({
    queryKey: [id, input] as const,
    queryFn: () => callAdmin(id, input),
  });
}

/** An expired session shows at any call; the shell then leads to the sign-in. */
export function createQueryClient(): QueryClient {
  const endSession = (error: unknown) => {
    if (isApiError(error) && error.code === "operator_session_invalid")
      client.setQueryData(SESSION_KEY, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: endSession }),
    mutationCache: new MutationCache({ onError: endSession }),
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        // The heartbeat asks for everything again when the server is back; refusals stay refusals.
        retry: false,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}

/** Whether an error says that the operator is not signed in. */
export function isSignedOut(error: unknown): boolean {
  return isApiError(error) && error.status === UNAUTHORIZED;
}
