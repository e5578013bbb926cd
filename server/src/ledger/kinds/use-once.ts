/**
 * A mark in the books that moves nothing. Posted in one atomic group with another operation, under a key
 * made from a name, it lets one request only use what has that name, whichever process it came to.
 */
import type { OperationKind } from "../engine/operation.ts";

export const useOnce: OperationKind<object> = {
  name: "use_once",
  touches: () => [],
  decide: () => ({}),
};
