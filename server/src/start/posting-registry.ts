/** Every operation type of this server, in the locking order that all processes share. */
import { adoptionModule } from "../adoption/adoption-module.ts";
import { gameModule } from "../game/game-module.ts";
import { itemsModule } from "../items/items-module.ts";
import { createRegistry, type Registry } from "../engine/registry.ts";
import { ledgerModule } from "../ledger/ledger-module.ts";
import { marketModule } from "../market/market-module.ts";
import { actsModule } from "../operators/acts/acts-module.ts";
import { privacyModule } from "../privacy/privacy-module.ts";

/**
 * The order of the modules is the order of locks: a change of it would let two versions of this server
 * lock each other out.
 */
export function createPostingRegistry(): Registry {
  return createRegistry(
    ledgerModule,
    itemsModule,
    adoptionModule,
    marketModule,
    gameModule,
    privacyModule,
    actsModule,
  );
}
