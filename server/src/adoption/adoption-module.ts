/** Registers what stays possible after the adoption with the posting engine: undoing a merge. */
import { resource, type EngineModule } from "../engine/registry.ts";
import { itemMerges } from "./merge-rows.ts";
import { unmergeItemOperation } from "./unmerge-item-operation.ts";

export const adoptionModule: EngineModule = {
  resources: [resource(itemMerges)],
  types: [unmergeItemOperation],
};
