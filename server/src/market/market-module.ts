/** Registers the market with the posting engine. */
import { resource, type EngineModule } from "../engine/registry.ts";
import { cancelListingOperation } from "./listings/cancel-listing-operation.ts";
import { frozenSellerGuard } from "./listings/frozen-seller-guard.ts";
import { listItemOperation } from "./listings/list-item-operation.ts";
import { listings, purchases } from "./listings/listing-rows.ts";
import { purchaseOperation } from "./purchases/purchase-operation.ts";
import { refundPurchaseOperation } from "./refunds/refund-purchase-operation.ts";
import { purchaseRefunds, refundPolicies } from "./refunds/refund-rows.ts";
import { setRefundPolicyOperation } from "./refunds/set-refund-policy.ts";
import { changeStockOperation, createStockOperation } from "./stock/manage-stock-operations.ts";
import { stockPurchaseOperation } from "./stock/stock-purchase-operation.ts";
import { stockOffers } from "./stock/stock-rows.ts";
import { testTopUpOperation } from "./purchases/test-top-up-operation.ts";

export const marketModule: EngineModule = {
  resources: [
    resource(listings),
    resource(purchases),
    resource(purchaseRefunds),
    resource(refundPolicies),
    resource(stockOffers),
  ],
  types: [
    cancelListingOperation,
    listItemOperation,
    purchaseOperation,
    testTopUpOperation,
    refundPurchaseOperation,
    setRefundPolicyOperation,
    createStockOperation,
    changeStockOperation,
    stockPurchaseOperation,
  ],
  guards: [frozenSellerGuard],
};
