/** Every operation type of this server, in the locking order that all processes share. */
import { adoptionModule } from "../adoption/adoption-module.ts";
import { gamePart } from "../game/game-part.ts";
import { inventoryPart } from "../items/inventory-part.ts";
import { createRegistry, type Registry } from "../engine/registry.ts";
import { ledgerPart } from "../ledger/ledger-part.ts";
import { marketPart } from "../market/market-part.ts";

/**
 * The order of the modules is the order of locks: a change of it would let two versions of this server
 * lock each other out.
 */
export function createPostingRegistry(): Registry {
  return createRegistry(ledgerPart, inventoryPart, adoptionModule, marketPart, gamePart);
}
