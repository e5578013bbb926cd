/** Registers items with the posting engine. */
import { resource, type EngineModule } from "../engine/registry.ts";
import { items } from "./items/item-rows.ts";
import { grantItemOperation } from "./items/grant-item-operation.ts";
import { importItemOperation } from "./imports/import-item-operation.ts";
import { answerGiftOperation } from "./gifts/answer-gift-operation.ts";
import { returnItemOperation } from "./gifts/return-item-operation.ts";
import { transferItemOperation } from "./gifts/transfer-item-operation.ts";
import { craftOperation } from "./recipes/craft-operation.ts";
import { useItemOperation } from "./use/use-item-operation.ts";
import { limitCounters } from "./items/limit-counters.ts";
import { itemImports, itemReceipts } from "./items/receipts.ts";

export const itemsModule: EngineModule = {
  resources: [
    resource(limitCounters),
    resource(items),
    resource(itemImports),
    resource(itemReceipts),
  ],
  types: [
    craftOperation,
    grantItemOperation,
    importItemOperation,
    transferItemOperation,
    returnItemOperation,
    answerGiftOperation,
    useItemOperation,
  ],
};
