/** Registers items with the posting engine. */
import { resource, type EngineModule } from "../engine/registry.ts";
import { frozenOwnerGuard } from "./items/frozen-owner-guard.ts";
import { changeFieldsOperation } from "./fields/change-fields-operation.ts";
import { fieldChanges } from "./items/field-changes.ts";
import { items } from "./items/item-rows.ts";
import { grantItemOperation } from "./items/grant-item-operation.ts";
import { importItemOperation } from "./imports/import-item-operation.ts";
import { answerGiftOperation } from "./gifts/answer-gift-operation.ts";
import { returnItemOperation } from "./gifts/return-item-operation.ts";
import { transferItemOperation } from "./gifts/transfer-item-operation.ts";
import { craftOperation } from "./recipes/craft-operation.ts";
import { useItemOperation } from "./use/use-item-operation.ts";
import { itemImports, itemReceipts } from "./items/receipts.ts";

export const itemsModule: EngineModule = {
  resources: [
    resource(items),
    resource(itemImports),
    resource(itemReceipts),
    resource(fieldChanges),
  ],
  types: [
    craftOperation,
    grantItemOperation,
    importItemOperation,
    transferItemOperation,
    returnItemOperation,
    answerGiftOperation,
    useItemOperation,
    changeFieldsOperation,
  ],
  guards: [frozenOwnerGuard],
};
