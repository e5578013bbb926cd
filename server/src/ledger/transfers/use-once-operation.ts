/**
 * A mark in the books that moves nothing. Posted in one atomic group with another operation, under
 * a key made from a name. It reserves that name for one request in every process.
 */
import { defineOperationType } from "../../engine/operation-type.ts";

export const useOnceOperation = defineOperationType<object>()({
  name: "use_once",
  readWriteSet: () => [],
  decide: () => ({}),
});
