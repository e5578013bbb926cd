/** Items that adventures offer to one player each, at the price that the adventure set. */
import { NewDayError } from "../../errors/errors.ts";
import { requirePosted, homeWallet, type Economy } from "../../items/items/economy.ts";
import { requireItem } from "../../items/imports/import-item.ts";
import { findItem, type Item } from "../../items/items/item-queries.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { findAdventurePrice, OFFERED_PREFIX } from "./adventure-queries.ts";
import { operationOf } from "../../engine/operation-type.ts";
import {
  buyOfferedItemOperation,
  type BuyOfferedItemPayload,
} from "./buy-offered-item-operation.ts";

/** Errors: `item_not_found`, `item_not_available`, `insufficient_funds`, `wallet_not_found`. */
export async function buyOfferedItem(
  economy: Economy,
  itemId: string,
  idempotencyKey: string | undefined,
): Promise<{ item: Item; price: bigint; transferId: string }> {
  const id = itemId.startsWith(OFFERED_PREFIX) ? itemId : `${OFFERED_PREFIX}${itemId}`;
  const item = await findItem(economy.db, id);
  const price = item && (await findAdventurePrice(economy.db, id));
  if (!item || price === undefined) throw new NewDayError("item_not_found", { field: "itemId" });
  const [buyer, mint] = await Promise.all([
    economy.walletNumber(item.ownerId),
    homeWallet(economy, "mint"),
  ]);
  const payload: BuyOfferedItemPayload = { itemId: id, price, buyer, mint };
  const fingerprint = fingerprintOf({ itemId: id });
  const operation = operationOf(buyOfferedItemOperation, payload, {
    caller: "game",
    idempotency:
      idempotencyKey === undefined ? undefined : { key: `offer:${idempotencyKey}`, fingerprint },
  });
  const posted = requirePosted(await economy.engine.submit(operation));
  const bought = await requireItem(economy, id);
  return { item: bought, price, transferId: posted.transferId };
}
