/** Putting something on the market, and taking it off again (CONTRACT.md 5.2). */
import { uuidv7 } from "uuidv7";
import { NewDayError } from "../errors.ts";
import { ensureDefinition } from "../inventory/definitions.ts";
import { requirePosted, type Economy } from "../inventory/economy.ts";
import { findItemsByAnyId, findOldestOwnedItem, type Item } from "../inventory/item-queries.ts";
import { ICONS, type ItemType } from "../inventory/item-vocabulary.ts";
import type { CancelListingPayload } from "./kinds/cancel-listing.ts";
import type { ListItemPayload } from "./kinds/list-item.ts";
import { listExpiredListings } from "./listing-queries.ts";
import { requireOffer, type Offer } from "./offers.ts";
import { firstPrice, type Prices } from "./prices.ts";

/** A listing that nobody wants any more goes by itself after 30 days. */
export const LISTING_LIFE_MS = 30 * 24 * 60 * 60 * 1_000;
/** One sweep gives back so many; the next one follows soon. */
const SWEEP_MAX = 200;

export interface ListRequest {
  readonly sellerId: string;
  readonly sellerName: string;
  readonly platform: string;
  /** The item in any form of its id; undefined: the oldest one in hand with this name and type. */
  readonly itemId: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly itemType: ItemType;
  readonly imageUrl: string | null;
  readonly prices: Prices;
  readonly quantity: number;
  readonly expiresAt: Date | undefined;
}

/**
 * Escrows the item and lists it; what nobody holds is listed as declared: common, without stats.
 * Errors: `item_not_found`, `item_in_escrow`, `item_already_used`, `invalid_quantity`,
 * `listing_limit`, `invalid_field` (expiry in the past).
 */
export async function listItem(economy: Economy, request: ListRequest): Promise<Offer> {
  const expiresAt = request.expiresAt ?? new Date(Date.now() + LISTING_LIFE_MS);
  if (expiresAt.getTime() <= Date.now())
    throw new NewDayError("invalid_field", { field: "expiresAt", rule: "must be in the future" });
  const item = await itemToList(economy, request);
  const definitionId = item?.definitionId ?? (await declaredDefinition(economy, request));
  const listing: ListItemPayload["listing"] = {
    id: uuidv7(),
    kind: item ? "escrowed" : "declared",
    saleType: "player_market",
    platform: request.platform,
    sellerId: request.sellerId,
    sellerName: request.sellerName,
    definitionId,
    itemId: item?.id ?? null,
    prices: request.prices,
    ...firstPrice(request.prices),
    remaining: BigInt(request.quantity),
    status: "active",
    perUserLimit: null,
    perDayLimit: null,
    pin: null,
    views: 0n,
    listedAt: new Date(),
    startsAt: null,
    expiresAt,
    revision: 1n,
  };
  return post(economy, listing);
}

async function post(economy: Economy, listing: ListItemPayload["listing"]): Promise<Offer> {
  const payload: ListItemPayload = { listing, newItemId: `inv-${uuidv7()}` };
  const caller = `user:${listing.sellerId}`;
  requirePosted(await economy.engine.submit({ caller, kind: "market_list", payload }));
  return requireOffer(economy, listing.id);
}

async function itemToList(
  { db }: Economy,
  { sellerId, itemId, name, itemType }: ListRequest,
): Promise<Item | undefined> {
  if (itemId === undefined) return findOldestOwnedItem(db, sellerId, { name, itemType });
  const [meant] = await findItemsByAnyId(db, sellerId, itemId);
  if (!meant) throw new NewDayError("item_not_found", { field: "itemId" });
  return meant;
}

function declaredDefinition(
  { db }: Economy,
  { name, description, itemType, imageUrl }: ListRequest,
): Promise<string> {
  const icon = ICONS[itemType];
  return ensureDefinition(db, {
    name, description, itemType, imageUrl, icon, rarity: "common", stats: null,
  }); // prettier-ignore
}

/**
 * Takes a listing off; an escrowed item is back in its seller's hands.
 * Errors: `item_not_found` (another's listing reads the same), `item_not_available`.
 */
export async function cancelListing(
  economy: Economy,
  { listingId, sellerId }: { listingId: string; sellerId: string },
): Promise<Offer> {
  const { itemId, sellerId: owner } = await requireOffer(economy, listingId);
  if (owner !== sellerId) throw new NewDayError("item_not_found", { field: "itemId" });
  await cancel(economy, { listingId, sellerId, reason: "removed", itemId });
  return requireOffer(economy, listingId);
}

async function cancel(economy: Economy, payload: CancelListingPayload): Promise<void> {
  const caller = `user:${payload.sellerId}`;
  requirePosted(await economy.engine.submit({ caller, kind: "market_cancel", payload }));
}

/** Gives back what was listed until a time that has passed. Returns how many it closed. */
export async function closeExpiredListings(economy: Economy): Promise<number> {
  const expired = await listExpiredListings(economy.db, SWEEP_MAX);
  for (const { id: listingId, sellerId } of expired) {
    if (sellerId === null) continue;
    const { itemId } = await requireOffer(economy, listingId);
    const payload: CancelListingPayload = { listingId, sellerId, reason: "expired", itemId };
    // Sold or removed meanwhile is as good as expired.
    await economy.engine.submit({ caller: "market", kind: "market_cancel", payload });
  }
  return expired.length;
}
