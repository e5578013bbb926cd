/** Finds the item that a caller of the older surfaces means: by any form of its id, also at a retry. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import {
  findItem,
  findItemsByAnyId,
  findReceipt,
  listIdsNamed,
  type Item,
} from "../items/item-queries.ts";
import { requestId } from "../items/receipts.ts";
import { targetOf, type TransferItemPayload } from "./transfer-item-operation.ts";

export interface MoveRequest {
  readonly userId: string;
  /** In any form: with or without prefix, external, or of the listing it was bought from. */
  readonly itemId: string;
  readonly to: TransferItemPayload["to"];
}

/**
 * The id of the item in hand; else of the one that this very request moved before, for its replay.
 * Errors: `item_not_found` (not owned reads the same), and for a gift `same_account` and
 * `wallet_not_found`.
 */
export async function findItemToMove(
  { db, directory }: PostingServices,
  request: MoveRequest,
): Promise<string> {
  const { userId, to } = request;
  if ("user" in to) {
    requireOtherUser(userId, to.user);
    await directory.walletNumber(to.user, "targetUserId");
  }
  const [inHand] = await findItemsByAnyId(db, userId, request.itemId);
  const item = inHand ?? (await findGivenAway(db, request));
  if (!item) throw new NewDayError("item_not_found", { field: "itemId" });
  return item.id;
}

function requireOtherUser(userId: string, target: string): void {
  if (target !== userId) return;
  throw new NewDayError("same_account", {
    field: "targetUserId",
    rule: { en: "must be another user", zh: "不能赠送给自己" },
  });
}

/** A given item belongs to its recipient; the giver's receipt still names it. */
async function findGivenAway(
  db: Queryable,
  { userId, itemId, to }: MoveRequest,
): Promise<Item | undefined> {
  for (const id of await listIdsNamed(db, itemId, userId)) {
    const receipt = await findReceipt(db, requestId(userId, id, targetOf({ to })));
    if (receipt) return findItem(db, id);
  }
  return undefined;
}

/** The id of the exported item that the user means. Errors: `item_not_found`. */
export async function findItemToReturn(
  db: Queryable,
  { userId, itemId }: Pick<MoveRequest, "userId" | "itemId">,
): Promise<string> {
  const meant = await findItemsByAnyId(db, userId, itemId);
  const exported = meant.find(({ state }) => state === "exported");
  const found = exported?.id ?? (await findExportedPart(db, userId, meant)) ?? meant[0]?.id;
  if (found === undefined) throw new NewDayError("item_not_found", { field: "itemId" });
  return found;
}

/** The client knows the stack's id; the part that left is an item of its own. */
async function findExportedPart(
  db: Queryable,
  userId: string,
  meant: readonly Item[],
): Promise<string | undefined> {
  for (const { id } of meant) {
    const receipt = await findReceipt(db, requestId(userId, id, "platform:allinone"));
    if (receipt && receipt.itemId !== id) return receipt.itemId;
  }
  return undefined;
}
