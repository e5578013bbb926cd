/** Registers the market with the posting engine. */
import { resource, type EngineModule } from "../engine/registry.ts";
import { itemMerges } from "../adoption/merge-rows.ts";
import { buyOfferedItemOperation } from "../game/adventures/buy-offered-item-operation.ts";
import { cancelListingOperation } from "./listings/cancel-listing-operation.ts";
import { craftOperation } from "../items/recipes/craft-operation.ts";
import { listItemOperation } from "./listings/list-item-operation.ts";
import { purchaseOperation } from "./purchases/purchase-operation.ts";
import { unmergeItemOperation } from "../adoption/unmerge-item-operation.ts";
import { listings, purchases } from "./listings/listing-rows.ts";

export const marketPart: EngineModule = {
  resources: [resource(itemMerges), resource(listings), resource(purchases)],
  types: [
    buyOfferedItemOperation,
    cancelListingOperation,
    craftOperation,
    listItemOperation,
    purchaseOperation,
    unmergeItemOperation,
  ],
};
