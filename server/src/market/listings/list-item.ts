/** Lists an item on the market, and takes it off again (docs/contract.md 5.2). */
import { uuidv7 } from "uuidv7";
import { NewDayError } from "../../errors/errors.ts";
import { ensureDefinition } from "../../items/items/definitions.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import {
  findItemsByAnyId,
  findOldestOwnedItem,
  type Item,
} from "../../items/items/item-queries.ts";
import { ICONS, type ItemType } from "../../items/items/item-vocabulary.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { findFirstOutcome } from "../../ledger/transfers/first-outcome.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { cancelListingOperation, type CancelListingPayload } from "./cancel-listing-operation.ts"; // prettier-ignore
import { listItemOperation, type ListItemPayload, type ListItemResult } from "./list-item-operation.ts"; // prettier-ignore
import { listExpiredListings } from "./listing-queries.ts";
import { requireOffer, type Offer } from "./offers.ts";
import { firstPrice, type Prices } from "../prices/prices.ts";

/** An unsold listing ends by itself after 30 days. */
export const LISTING_LIFE_MS = 30 * 24 * 60 * 60 * 1_000;
/** Listings per sweep; the next one follows soon. */
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
  readonly idempotencyKey: string | undefined;
}

export interface Listed {
  readonly offer: Offer;
  readonly replayed: boolean;
}

/**
 * Escrows the item and lists it; an unowned one is listed as declared: common, with empty stats.
 * Under a key the first listing is the answer, also after its sale. Errors: `item_not_found`,
 * `item_in_escrow`, `item_already_used`, `invalid_quantity`, `listing_limit`, `invalid_field`
 * (expiry in the past), `idempotency_conflict`.
 */
export async function listItem(services: PostingServices, request: ListRequest): Promise<Listed> {
  const caller = `user:${request.sellerId}`;
  const idempotency = idempotencyOf(request);
  const first =
    idempotency &&
    (await findFirstOutcome(services.db, listItemOperation, { caller, idempotency }));
  if (first) return listedBy(services, first);
  const payload: ListItemPayload = {
    listing: await newListing(services, request),
    newItemId: `inv-${uuidv7()}`,
  };
  const operation = operationOf(listItemOperation, payload, { caller, idempotency });
  return listedBy(services, await services.engine.submit(operation));
}

function idempotencyOf(request: ListRequest): OperationTerms["idempotency"] {
  const { idempotencyKey: key, ...asked } = request;
  return key === undefined ? undefined : { key, fingerprint: fingerprintOf({ list: asked }) };
}

async function listedBy(
  services: PostingServices,
  outcome: Outcome<ListItemResult>,
): Promise<Listed> {
  const { result, replayed } = requirePosted(outcome);
  return { offer: await requireOffer(services, result.listingId), replayed };
}

async function newListing(
  services: PostingServices,
  request: ListRequest,
): Promise<ListItemPayload["listing"]> {
  const expiresAt = request.expiresAt ?? new Date(Date.now() + LISTING_LIFE_MS);
  if (expiresAt.getTime() <= Date.now())
    throw new NewDayError("invalid_field", {
      field: "expiresAt",
      rule: "must be in the future",
      ruleZh: "必须是将来的时间",
    });
  const item = await itemToList(services, request);
  return {
    id: uuidv7(),
    kind: item ? "escrowed" : "declared",
    saleType: "player_market",
    platform: request.platform,
    sellerId: request.sellerId,
    sellerName: request.sellerName,
    definitionId: item?.definitionId ?? (await declaredDefinition(services, request)),
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
}

async function itemToList(
  { db }: PostingServices,
  { sellerId, itemId, name, itemType }: ListRequest,
): Promise<Item | undefined> {
  if (itemId === undefined) return findOldestOwnedItem(db, sellerId, { name, itemType });
  const [meant] = await findItemsByAnyId(db, sellerId, itemId);
  if (!meant) throw new NewDayError("item_not_found", { field: "itemId" });
  return meant;
}

function declaredDefinition(
  { db }: PostingServices,
  { name, description, itemType, imageUrl }: ListRequest,
): Promise<string> {
  const icon = ICONS[itemType];
  return ensureDefinition(db, {
    name, description, itemType, imageUrl, icon, rarity: "common", stats: null,
  }); // prettier-ignore
}

/**
 * Takes a listing off; an escrowed item is back in its seller's hands.
 * Errors: `item_not_found` (another's listing reads the same), `item_not_available`,
 * `idempotency_conflict`.
 */
export async function cancelListing(
  services: PostingServices,
  { listingId, sellerId, idempotencyKey: key }: CancelRequest,
): Promise<Listed> {
  const { itemId, sellerId: owner } = await requireOffer(services, listingId);
  if (owner !== sellerId) throw new NewDayError("item_not_found", { field: "itemId" });
  const payload: CancelListingPayload = { listingId, sellerId, reason: "removed", itemId };
  const operation = operationOf(cancelListingOperation, payload, {
    caller: `user:${sellerId}`,
    idempotency:
      key === undefined ? undefined : { key, fingerprint: fingerprintOf({ cancel: listingId }) },
  });
  const { replayed } = requirePosted(await services.engine.submit(operation));
  return { offer: await requireOffer(services, listingId), replayed };
}

export interface CancelRequest {
  readonly listingId: string;
  readonly sellerId: string;
  readonly idempotencyKey: string | undefined;
}

/**
 * Returns the items of listings that expired by a past time; gives the number of closed ones. A
 * listing sold or removed meanwhile counts as closed. A failing one leaves the others to be closed.
 */
export async function closeExpiredListings({ db, engine }: PostingServices): Promise<number> {
  const expired = await listExpiredListings(db, SWEEP_MAX);
  const outcomes = await engine.submitMany(
    expired.map((listing) => {
      const payload: CancelListingPayload = { ...listing, reason: "expired" };
      return operationOf(cancelListingOperation, payload, { caller: "market" });
    }),
    "independent",
  );
  return outcomes.filter(({ status }) => status === "posted").length;
}
