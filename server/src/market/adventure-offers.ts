/** Items that adventures offer to one player each, at the price that the adventure set. */
import type { Queryable } from "../db/database.ts";
import { NewDayError } from "../errors.ts";
import { requirePosted, systemWallet, type Economy } from "../inventory/economy.ts";
import { requireItem } from "../inventory/import-item.ts";
import { findItem, type Item } from "../inventory/item-queries.ts";
import { fingerprintOf } from "../ledger/identifiers.ts";
import { findAdventurePrices } from "./adventure-queries.ts";
import type { BuyOfferedItemPayload } from "./kinds/buy-offered-item.ts";

export type OfferedItem = Item & { readonly price: bigint };

/** What is offered in an adventure, or to a player: one document has either in this place. */
export async function listOfferedItems(
  db: Queryable,
  adventureOrPlayer: string,
): Promise<OfferedItem[]> {
  const prices = await findAdventurePrices(db, adventureOrPlayer);
  const offered: OfferedItem[] = [];
  for (const { itemId, price } of prices) {
    const item = await findItem(db, itemId);
    if (item?.state === "offered") offered.push({ ...item, price });
  }
  return offered;
}

/** Errors: `item_not_found`, `item_not_available`, `insufficient_funds`, `wallet_not_found`. */
export async function buyOfferedItem(
  economy: Economy,
  itemId: string,
  idempotencyKey: string | undefined,
): Promise<{ item: Item; price: bigint; transferId: string }> {
  const id = itemId.startsWith("adv-") ? itemId : `adv-${itemId}`;
  const item = await findItem(economy.db, id);
  const [offer] = item ? await findAdventurePrices(economy.db, id) : [];
  if (!item || !offer) throw new NewDayError("item_not_found", { field: "itemId" });
  const [buyer, mint] = await Promise.all([
    economy.walletNumber(item.ownerId),
    systemWallet(economy, "mint"),
  ]);
  const payload: BuyOfferedItemPayload = { itemId: id, price: offer.price, buyer, mint };
  const fingerprint = fingerprintOf({ itemId: id });
  const posted = requirePosted(
    await economy.engine.submit({
      caller: "game",
      kind: "adventure_purchase",
      payload,
      ...(idempotencyKey === undefined
        ? {}
        : { idempotency: { key: `offer:${idempotencyKey}`, fingerprint } }),
    }),
  );
  const bought = await requireItem(economy, id);
  return { item: bought, price: offer.price, transferId: posted.transferId };
}
