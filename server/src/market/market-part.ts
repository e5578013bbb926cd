/** Registers the market with the posting engine. */
import { resource, type EnginePart } from "../ledger/engine/registry.ts";
import { itemMerges } from "./adoption/merge-rows.ts";
import { buyOfferedItem } from "./kinds/buy-offered-item.ts";
import { cancelListing } from "./kinds/cancel-listing.ts";
import { craft } from "./kinds/craft.ts";
import { listItem } from "./kinds/list-item.ts";
import { purchase } from "./kinds/purchase.ts";
import { unmergeItem } from "./kinds/unmerge-item.ts";
import { listings, purchases } from "./listing-rows.ts";

export const marketPart: EnginePart = {
  resources: [resource(itemMerges), resource(listings), resource(purchases)],
  kinds: [buyOfferedItem, cancelListing, craft, listItem, purchase, unmergeItem],
};
