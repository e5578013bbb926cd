/** Every operation type of this server, in the locking order that all processes share. */
import { inventoryPart } from "../items/inventory-part.ts";
import { createRegistry, type Registry } from "../engine/registry.ts";
import { ledgerPart } from "../ledger/ledger-part.ts";
import { marketPart } from "../market/market-part.ts";

export function createPostingRegistry(): Registry {
  return createRegistry(ledgerPart, inventoryPart, marketPart);
}
