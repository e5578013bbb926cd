/** Registers the market with the posting engine. */
import { resource, type EngineModule } from "../engine/registry.ts";
import { cancelListingOperation } from "./listings/cancel-listing-operation.ts";
import { listItemOperation } from "./listings/list-item-operation.ts";
import { listings, purchases } from "./listings/listing-rows.ts";
import { purchaseOperation } from "./purchases/purchase-operation.ts";
import { testTopUpOperation } from "./purchases/test-top-up-operation.ts";

export const marketModule: EngineModule = {
  resources: [resource(listings), resource(purchases)],
  types: [cancelListingOperation, listItemOperation, purchaseOperation, testTopUpOperation],
};
