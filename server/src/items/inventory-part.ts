/** Registers the inventory with the posting engine. */
import { resource, type EnginePart } from "../engine/registry.ts";
import { items } from "./items/item-rows.ts";
import { grantItem } from "./items/grant-item-operation.ts";
import { importItem } from "./imports/import-item-operation.ts";
import { returnItem } from "./items/return-item-operation.ts";
import { transferItem } from "./gifts/transfer-item-operation.ts";
import { useItem } from "./use/use-item-operation.ts";
import { limitCounters } from "./items/limit-counters.ts";
import { itemImports, itemReceipts } from "./items/receipts.ts";

export const inventoryPart: EnginePart = {
  resources: [
    resource(limitCounters),
    resource(items),
    resource(itemImports),
    resource(itemReceipts),
  ],
  kinds: [grantItem, importItem, transferItem, returnItem, useItem],
};
