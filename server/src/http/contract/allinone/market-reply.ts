/** A listing as `/api/allinone` shows it (docs/contract.md 5.1). */
import { ICONS } from "../../../items/items/item-vocabulary.ts";
import { emittedName } from "../../../ledger/currencies/currency-names.ts";
import type { Offer } from "../../../market/listings/offers.ts";
import { inOrder, type Prices } from "../../../market/prices/prices.ts";
import { statsReply } from "./inventory-reply.ts";

/** Clients want a number; unlimited stock is shown as this quantity, and as stock -1. */
const ENDLESS_SHOWN = 999;

const GAME_SOURCES: Readonly<Record<string, string>> = { newday: "New Day", allinone: "AllinONE" };

/** The clients' spelling of a listing's platform. */
function gameSourceOf(platform: string): string {
  return (Object.hasOwn(GAME_SOURCES, platform) && GAME_SOURCES[platform]) || platform;
}

/** The stored word of any spelling of a platform, or undefined. */
export function platformNamed(name: unknown): string | undefined {
  if (typeof name !== "string") return undefined;
  const word = name.replaceAll(/[\s+_-]/g, "").toLowerCase();
  return Object.hasOwn(GAME_SOURCES, word) ? word : undefined;
}

export function offerReply(offer: Omit<Offer, "definitionId">): Record<string, unknown> {
  return {
    id: offer.id,
    name: offer.name,
    description: offer.description,
    platform: offer.platform,
    itemType: offer.itemType,
    type: offer.itemType,
    category: offer.itemType,
    rarity: offer.rarity,
    icon: offer.icon ?? ICONS[offer.itemType],
    imageUrl: offer.imageUrl,
    ...statsReply(offer),
    quantity: offer.remaining === null ? ENDLESS_SHOWN : Number(offer.remaining),
    stock: offer.remaining === null ? -1 : Number(offer.remaining),
    price: priceReply(offer.prices),
    currency: emittedName(offer.currency),
    amount: Number(offer.amount),
    sellerId: offer.sellerId,
    sellerName: offer.sellerName,
    gameSource: gameSourceOf(offer.platform),
    status: offer.status,
    declared: offer.kind === "declared",
    official: offer.kind === "official",
    imported: offer.origin !== null,
    origin: offer.origin,
    views: Number(offer.views),
    listedAt: offer.listedAt.getTime(),
    expiresAt: offer.expiresAt?.getTime() ?? null,
  };
}

/** One coin under both of its names. */
function priceReply(prices: Prices): Record<string, number> {
  const shown: Record<string, number> = {};
  for (const [code, amount] of inOrder(prices)) {
    shown[emittedName(code)] = Number(amount);
    if (code === "game_coins") shown["newDayGameCoins"] = Number(amount);
  }
  return shown;
}
