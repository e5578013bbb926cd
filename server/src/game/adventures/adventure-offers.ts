/** Items that adventures offer to one player each, at the price that the adventure set. */
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { NewDayError } from "../../errors/errors.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { requireItemOf } from "../../items/items/item-snapshot.ts";
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
  services: PostingServices,
  itemId: string,
  idempotencyKey: string | undefined,
): Promise<{ item: Item; price: bigint; transferId: string }> {
  const id = itemId.startsWith(OFFERED_PREFIX) ? itemId : `${OFFERED_PREFIX}${itemId}`;
  const item = await findItem(services.db, id);
  const price = item && (await findAdventurePrice(services.db, id));
  if (!item || price === undefined) throw new NewDayError("item_not_found", { field: "itemId" });
  const [buyer, mint] = await Promise.all([
    services.directory.walletNumber(item.ownerId),
    services.directory.systemWallet(HOME_PLATFORM, "mint"),
  ]);
  const payload: BuyOfferedItemPayload = { itemId: id, price, buyer, mint };
  const fingerprint = fingerprintOf({ itemId: id });
  const operation = operationOf(buyOfferedItemOperation, payload, {
    caller: "game",
    idempotency:
      idempotencyKey === undefined ? undefined : { key: `offer:${idempotencyKey}`, fingerprint },
  });
  const posted = requirePosted(await services.engine.submit(operation));
  const bought = await requireItemOf(services, posted.result ?? { itemId: id });
  return { item: bought, price, transferId: posted.transferId };
}
