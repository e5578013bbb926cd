/** Registers the erasure of users with the posting engine. */
import type { EngineModule } from "../engine/registry.ts";
import { eraseItemsOperation } from "./erasure/erase-items-operation.ts";
import { eraseUserOperation } from "./erasure/erase-user-operation.ts";

export const privacyModule: EngineModule = {
  resources: [],
  types: [eraseUserOperation, eraseItemsOperation],
};
