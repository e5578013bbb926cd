/**
 * Gift, export and return: an item leaves a user's hands and comes back (docs/contract.md 4.3,
 * docs/incidents.md E1). A repetition is refused with `already_transferred` and the first transfer.
 */
import { uuidv7 } from "uuidv7";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { dayOf } from "../../ledger/limits/limit-counters.ts";
import { LEGACY_PLATFORMS } from "../../identity/platforms/platform-ids.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { requireSameSide } from "../../ledger/test-users/require-same-side.ts";
import { returnItemOperation, type ReturnItemPayload } from "./return-item-operation.ts";
import { answerGiftOperation, type AnswerGiftPayload } from "./answer-gift-operation.ts";
import type { ItemResult } from "../items/item-snapshot.ts";
import {
  transferItemOperation,
  type ItemMoveResult,
  type TransferItemPayload,
} from "./transfer-item-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface LeavingItem {
  readonly itemId: string;
  /** The user who gives it away. */
  readonly userId: string;
  /** All of it, or a part of a stack, which becomes an item of its own. */
  readonly quantity: bigint;
}

export interface GivenItem extends LeavingItem {
  readonly recipientId: string;
  /** True for a gift that a user sends; a platform's key is trusted not to flood its users. */
  readonly unsolicited: boolean;
}

/**
 * Gives an item to another user. `resolve` finds it; its failure is answered with the first outcome
 * under the key. Errors: those of `resolve`, `idempotency_conflict`, and those of the engine.
 */
export function giveItem<Given extends GivenItem>(
  services: PostingServices,
  resolve: () => Promise<Exactly<GivenItem, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ItemMoveResult>> {
  return submitLeaving(services, terms, async () => {
    const { recipientId, unsolicited, ...item }: GivenItem = await resolve();
    await requireSameSide(services.db, item.userId, recipientId);
    const gift = { giverId: item.userId, receiverId: recipientId, day: dayOf(new Date()) };
    const to = { user: recipientId };
    return { ...item, to, gift: unsolicited ? gift : null, mayBeLocked: false };
  });
}

export interface ExportedItem extends LeavingItem {
  readonly platform: string;
}

/** Takes an item out of New Day; it stays on record and can be returned. Errors: as `giveItem`. */
export function exportItem<Given extends ExportedItem>(
  services: PostingServices,
  resolve: () => Promise<Exactly<ExportedItem, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ItemMoveResult>> {
  return submitLeaving(services, terms, async () => {
    const { platform, ...item }: ExportedItem = await resolve();
    const mayBeLocked = await isOwnPlatform(services, item.userId, platform);
    return { ...item, to: { platform }, gift: null, mayBeLocked };
  });
}

/** The platforms with bare ids share their users. */
async function isOwnPlatform(
  { directory }: PostingServices,
  userId: string,
  platform: string,
): Promise<boolean> {
  const owner = await directory.findWallet(userId);
  if (owner?.platform === platform) return true;
  return LEGACY_PLATFORMS.includes(owner?.platform ?? "") && LEGACY_PLATFORMS.includes(platform);
}

function submitLeaving(
  services: PostingServices,
  terms: OperationTerms,
  resolve: () => Promise<LeavingItem & Pick<TransferItemPayload, "to" | "gift" | "mayBeLocked">>,
): Promise<Outcome<ItemMoveResult>> {
  const prepare = async () => {
    const { itemId, userId, quantity, to, gift, mayBeLocked, ...unread } = await resolve();
    unread satisfies NothingElse;
    const keyed = terms.idempotency !== undefined;
    const leaving = { userId, itemId, quantity, to, gift, mayBeLocked };
    const payload = { ...leaving, newItemId: `inv-${uuidv7()}`, keyed };
    return operationOf(transferItemOperation, payload, terms);
  };
  return submitResolved(services, { type: transferItemOperation, terms, prepare });
}

/** Brings an exported item back to the user who exported it. Errors: as `giveItem`. */
export function returnItem<Given extends ReturnItemPayload>(
  services: PostingServices,
  resolve: () => Promise<Exactly<ReturnItemPayload, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ItemMoveResult>> {
  const prepare = async () => {
    const { userId, itemId, ...unread }: ReturnItemPayload = await resolve();
    unread satisfies NothingElse;
    return operationOf(returnItemOperation, { userId, itemId }, terms);
  };
  return submitResolved(services, { type: returnItemOperation, terms, prepare });
}

/** Accepts or declines a gift. Errors: as `giveItem`. */
export function answerGift<Given extends AnswerGiftPayload>(
  services: PostingServices,
  resolve: () => Promise<Exactly<AnswerGiftPayload, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ItemResult>> {
  const prepare = async () => {
    const { userId, itemId, answer, ...unread }: AnswerGiftPayload = await resolve();
    unread satisfies NothingElse;
    return operationOf(answerGiftOperation, { userId, itemId, answer }, terms);
  };
  return submitResolved(services, { type: answerGiftOperation, terms, prepare });
}
