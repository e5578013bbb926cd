/**
 * Gift, export and return, each repeatable (docs/contract.md 4.3, docs/incidents.md E1): a
 * repetition is answered with the first transfer's id and `alreadyTransferred`.
 */
import type { Database } from "../../db/database.ts";
import { uuidv7 } from "uuidv7";
import { NewDayError } from "../../errors/errors.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { detailText, requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { requireItem } from "../imports/import-item.ts";
import {
  findItem,
  findItemsByAnyId,
  findReceipt,
  listIdsNamed,
  type Item,
} from "../items/item-queries.ts";
import { returnItemOperation } from "../items/return-item-operation.ts";
import { targetOf, transferItemOperation, type ItemMoveResult, type TransferItemPayload } from "./transfer-item-operation.ts"; // prettier-ignore
import { requestId } from "../items/receipts.ts";

export interface TransferRequest {
  readonly userId: string;
  /** In any form: with or without prefix, external, or of the listing it was bought from. */
  readonly itemId: string;
  readonly to: TransferItemPayload["to"];
  readonly quantity: number;
  readonly idempotencyKey: string | undefined;
}

type AnyItemRequest = Omit<TransferRequest, "to"> & Partial<Pick<TransferRequest, "to">>;

export interface ItemTransfer {
  readonly transferId: string;
  readonly item: Item;
  readonly remaining: bigint;
  readonly alreadyTransferred: boolean;
}

/**
 * Errors: `item_not_found` (not owned reads the same), `item_in_escrow`, `item_already_used`,
 * `invalid_quantity`, `wallet_not_found` (of the recipient), `same_account` (gift to oneself).
 */
export async function transferItem(
  services: PostingServices,
  request: TransferRequest,
): Promise<ItemTransfer> {
  const { userId, to } = request;
  if ("user" in to) await requireRecipient(services, userId, to.user);
  const item = await resolveForTransfer(services, request);
  const payload: TransferItemPayload = {
    userId,
    itemId: item.id,
    newItemId: `inv-${uuidv7()}`,
    quantity: BigInt(request.quantity),
    to,
    keyed: request.idempotencyKey !== undefined,
  };
  const operation = operationOf(
    transferItemOperation,
    payload,
    termsOf(transferItemOperation, request),
  );
  return answer(services, await services.engine.submit(operation));
}

/**
 * Brings an exported item back to the user who exported it.
 * Errors: `item_not_found`, `item_not_exported`.
 */
export async function returnItem(
  services: PostingServices,
  request: Omit<TransferRequest, "to">,
): Promise<ItemTransfer> {
  const { userId } = request;
  const meant = await findItemsByAnyId(services.db, userId, request.itemId);
  const exported = meant.find(({ state }) => state === "exported");
  const itemId = exported?.id ?? (await exportedPart(services, userId, meant)) ?? meant[0]?.id;
  if (itemId === undefined) throw new NewDayError("item_not_found", { field: "itemId" });
  const terms = termsOf(returnItemOperation, request);
  const operation = operationOf(returnItemOperation, { userId, itemId }, terms);
  return answer(services, await services.engine.submit(operation));
}

/** The client knows the stack's id; the part that left is an item of its own. */
async function exportedPart(
  { db }: PostingServices,
  userId: string,
  meant: readonly Item[],
): Promise<string | undefined> {
  for (const { id } of meant) {
    const receipt = await findReceipt(db, requestId(userId, id, "platform:allinone"));
    if (receipt && receipt.itemId !== id) return receipt.itemId;
  }
  return undefined;
}

async function requireRecipient(
  services: PostingServices,
  userId: string,
  target: string,
): Promise<void> {
  if (target === userId)
    throw new NewDayError("same_account", {
      field: "targetUserId",
      rule: "must be another user",
      ruleZh: "不能赠送给自己",
    });
  await services.directory.walletNumber(target, "targetUserId");
}

/** The item in hand; else the one that this very request moved before, for its replay. */
async function resolveForTransfer(
  { db }: PostingServices,
  request: TransferRequest,
): Promise<Item> {
  const meant = await findItemsByAnyId(db, request.userId, request.itemId);
  const [first] = meant;
  if (first) return first;
  const gone = await findGivenAway(db, request);
  if (gone) return gone;
  throw new NewDayError("item_not_found", { field: "itemId" });
}

/** A given item belongs to its recipient; the giver's receipt still names it. */
async function findGivenAway(
  db: Database,
  { userId, itemId, to }: TransferRequest,
): Promise<Item | undefined> {
  for (const id of await listIdsNamed(db, itemId, userId)) {
    const receipt = await findReceipt(db, requestId(userId, id, targetOf({ to })));
    if (receipt) return findItem(db, id);
  }
  return undefined;
}

function termsOf(
  { name }: { readonly name: string },
  { userId, itemId, idempotencyKey: key, quantity, to }: AnyItemRequest,
): OperationTerms {
  const fingerprint = fingerprintOf({ kind: name, itemId, quantity, userId, to });
  const caller = `user:${userId}`;
  return { caller, idempotency: key === undefined ? undefined : { key, fingerprint } };
}

async function answer(
  services: PostingServices,
  outcome: Outcome<ItemMoveResult>,
): Promise<ItemTransfer> {
  if (outcome.status === "refused" && outcome.code === "already_transferred") {
    const { details } = outcome;
    return {
      transferId: detailText(details, "transferId"),
      item: await requireItem(services, detailText(details, "itemId")),
      remaining: BigInt(detailText(details, "remaining")),
      alreadyTransferred: true,
    };
  }
  const { transferId, result, replayed } = requirePosted(outcome);
  return {
    transferId,
    item: await requireItem(services, result.itemId),
    remaining: BigInt(result.remaining),
    alreadyTransferred: replayed,
  };
}
