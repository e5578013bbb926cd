/** Registers the game with the posting engine. */
import type { EngineModule } from "../engine/registry.ts";
import { buyOfferedItemOperation } from "./adventures/buy-offered-item-operation.ts";

export const gameModule: EngineModule = { resources: [], types: [buyOfferedItemOperation] };
