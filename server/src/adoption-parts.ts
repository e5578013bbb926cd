/** The parts of `newday adopt`, in order; a feature with legacy tables adds its part here. */
import { adoptItems } from "./market/adoption/adopt-items.ts";
import type { AdoptionPart } from "./wallets/adoption/adoption-part.ts";
import { adoptWallets } from "./wallets/adoption/adopt-wallets.ts";

export const ADOPTION_PARTS: readonly AdoptionPart[] = [adoptWallets, adoptItems];
