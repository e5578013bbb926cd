/** Registers the market with the posting engine. */
import { resource, type EnginePart } from "../engine/registry.ts";
import { itemMerges } from "../adoption/merge-rows.ts";
import { buyOfferedItem } from "../game/adventures/buy-offered-item-operation.ts";
import { cancelListing } from "./listings/cancel-listing-operation.ts";
import { craft } from "../items/recipes/craft-operation.ts";
import { listItem } from "./listings/list-item-operation.ts";
import { purchase } from "./purchases/purchase-operation.ts";
import { unmergeItem } from "../adoption/unmerge-item-operation.ts";
import { listings, purchases } from "./listings/listing-rows.ts";

export const marketPart: EnginePart = {
  resources: [resource(itemMerges), resource(listings), resource(purchases)],
  kinds: [buyOfferedItem, cancelListing, craft, listItem, purchase, unmergeItem],
};
