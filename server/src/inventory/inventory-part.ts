/** Registers the inventory with the posting engine. */
import { resource, type EnginePart } from "../ledger/engine/registry.ts";
import { items } from "./item-rows.ts";
import { grantItem } from "./kinds/grant-item.ts";
import { importItem } from "./kinds/import-item.ts";
import { returnItem } from "./kinds/return-item.ts";
import { transferItem } from "./kinds/transfer-item.ts";
import { useItem } from "./kinds/use-item.ts";
import { limitCounters } from "./limit-counters.ts";
import { itemImports, itemReceipts } from "./receipts.ts";

export const inventoryPart: EnginePart = {
  resources: [
    resource(limitCounters),
    resource(items),
    resource(itemImports),
    resource(itemReceipts),
  ],
  kinds: [grantItem, importItem, transferItem, returnItem, useItem],
};
