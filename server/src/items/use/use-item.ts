/** Uses an item up: one of a stack, or the last. */
import { uuidv7 } from "uuidv7";
import { NewDayError } from "../../errors/errors.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { requireItemOf } from "../items/item-snapshot.ts";
import { findItemsByAnyId, findOldestOwnedItem, type Item } from "../items/item-queries.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import { useItemOperation, type UseItemPayload } from "./use-item-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface UseRequest {
  readonly userId: string;
  readonly itemId: string;
  readonly idempotencyKey: string | undefined;
}

/** Errors: `item_not_found`, `item_already_used`, `item_in_escrow`. */
export async function useItem<Given extends UseRequest>(
  services: PostingServices,
  request: Exactly<UseRequest, Given>,
): Promise<{ item: Item; remaining: number; transferId: string }> {
  const { userId, itemId, idempotencyKey, ...unread }: UseRequest = request;
  unread satisfies NothingElse;
  const [meant] = await findItemsByAnyId(services.db, userId, itemId);
  if (!meant) throw new NewDayError("item_not_found", { field: "itemId" });
  const payload: UseItemPayload = { userId, itemId: meant.id, newItemId: `inv-${uuidv7()}` };
  const fingerprint = fingerprintOf({ userId, itemId });
  const operation = operationOf(useItemOperation, payload, {
    caller: "game",
    idempotency:
      idempotencyKey === undefined ? undefined : { key: `use:${idempotencyKey}`, fingerprint },
  });
  const posted = requirePosted(await services.engine.submit(operation));
  const { result, transferId } = posted;
  const item = await requireItemOf(services, result);
  return { item, remaining: Number(result.remaining), transferId };
}

/** The id of the oldest consumable of this name in hand, or undefined. */
export async function oldestConsumable(
  { db }: PostingServices,
  userId: string,
  name: string,
): Promise<string | undefined> {
  const item = await findOldestOwnedItem(db, userId, { name, itemTypes: ["consumable"] });
  return item?.id;
}
