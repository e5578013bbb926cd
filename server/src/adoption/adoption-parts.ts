/** The parts of `newday adopt`, in order; a feature with legacy tables adds its part here. */
import { adoptItems } from "./adopt-items.ts";
import type { AdoptionPart } from "./adoption-part.ts";
import { adoptWallets } from "./adopt-wallets.ts";

export const ADOPTION_PARTS: readonly AdoptionPart[] = [adoptWallets, adoptItems];
