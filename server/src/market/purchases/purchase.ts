/** Buying: one call, one transaction, for every kind of listing (docs/contract.md 5.3). */
import { HOME_PLATFORM } from "../../identity/platforms.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { UNPROVEN_AMOUNT_MAX } from "../../identity/confinement.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { dayOf } from "../../items/items/limit-counters.ts";
import { fingerprintOf, newUuid } from "../../engine/identifiers.ts";
import type { CurrencyCode } from "../../ledger/currencies/currency-names.ts";
import { operationOf } from "../../engine/operation-type.ts";
import { purchaseOperation, type PurchasePayload } from "./purchase-operation.ts";
import { findOffers } from "../listings/listing-queries.ts";
import { toOffer, type Offer } from "../listings/offers.ts";

export interface PurchaseRequest {
  readonly buyerId: string;
  /** Whether the buyer's login is verified. */
  readonly proven: boolean;
  readonly listingId: string;
  readonly quantity: number;
  /** undefined: the listing's first price. */
  readonly currency: string | undefined;
  readonly idempotencyKey: string | undefined;
}

export interface Purchase {
  readonly transferId: string;
  readonly itemId: string;
  readonly offer: Offer;
  readonly currency: string;
  readonly quantity: bigint;
  readonly price: bigint;
  readonly commission: bigint;
  /** The buyer's balances after it: New Day's own currencies, and the one of the payment. */
  readonly balances: Readonly<Record<CurrencyCode, bigint> & Record<string, bigint>>;
  readonly boughtAt: Date;
  readonly replayed: boolean;
}

export type Buyer = (request: PurchaseRequest) => Promise<Purchase>;

/**
 * Buys as one posting. Errors: `item_not_found`, `item_not_available`, `own_listing`,
 * `invalid_currency`, `invalid_quantity`, `purchase_limit`, `insufficient_funds`,
 * `wallet_not_found`, `idempotency_conflict`, `unproven_limit`. A repeated call without a key is a
 * second purchase.
 */
export function createBuyer(services: PostingServices): Buyer {
  const readOffer = createOfferReader(services.db);
  return async (request) => {
    const offer = await readOffer(request.listingId);
    if (!offer) throw new NewDayError("item_not_found", { field: "itemId" });
    const payload = await purchasePayload(services, request, offer);
    const operation = operationOf(purchaseOperation, payload, {
      caller: `user:${request.buyerId}`,
      idempotency: idempotencyOf(request),
    });
    const posted = requirePosted(await services.engine.submit(operation));
    const { result } = posted;
    return {
      transferId: posted.transferId,
      itemId: result.itemId,
      offer,
      currency: payload.currency,
      quantity: payload.quantity,
      price: BigInt(result.price),
      commission: BigInt(result.commission),
      balances: balancesOf(result.balances),
      boughtAt: posted.recordedAt,
      replayed: posted.replayed,
    };
  };
}

function balancesOf(stored: Readonly<Record<string, string>>): Purchase["balances"] {
  const balances: Purchase["balances"] & Record<string, bigint> = {
    game_coins: 0n, cash: 0n, computing_power: 0n,
  }; // prettier-ignore
  for (const code of Object.keys(stored)) balances[code] = BigInt(stored[code] ?? 0);
  return balances;
}

/** Cache: a listing's item, prices and seller, which are constant; oldest evicted first. */
const REMEMBERED_MAX = 10_000;

/** The engine decides the listing's rest and status; the cached row is only a lead. */
function createOfferReader(db: Queryable): (id: string) => Promise<Offer | undefined> {
  const remembered = new BoundedMap<string, Offer>(REMEMBERED_MAX);
  const read = coalesceReads((ids) => offersById(db, ids));
  return async (id) => {
    const known = remembered.get(id);
    if (known) return known;
    const offer = await read(id);
    if (!offer) return undefined;
    remembered.set(id, offer);
    return offer;
  };
}

async function offersById(db: Queryable, ids: readonly string[]): Promise<Map<string, Offer>> {
  const stored = await findOffers(db, ids);
  return new Map(stored.map((offer) => [offer.id, toOffer(offer)]));
}

/** The inputs of a purchase's posting. Errors: `wallet_not_found`, `invalid_currency`. */
export async function purchasePayload(
  services: PostingServices,
  { buyerId, proven, listingId, quantity, currency }: Omit<PurchaseRequest, "idempotencyKey">,
  offer: Offer,
): Promise<PurchasePayload> {
  const paidIn = currency ?? offer.currency;
  const { currencyNumber, payee, fees } = await termsOf(services, offer, paidIn);
  const buyer = await services.directory.walletNumber(buyerId);
  return {
    listingId,
    buyerId,
    quantity: BigInt(quantity),
    currency: paidIn,
    currencyNumber,
    newItemId: `inv-${newUuid()}`,
    day: dayOf(new Date()),
    itemId: offer.itemId,
    limited: offer.perDayLimit !== null || offer.perUserLimit !== null,
    declaredBy: offer.kind === "declared" ? offer.sellerId : null,
    payMax: proven || offer.sellerId === null ? null : UNPROVEN_AMOUNT_MAX,
    wallets: { buyer, payee, fees },
  };
}

interface Terms {
  readonly currencyNumber: number;
  readonly payee: bigint;
  readonly fees: bigint;
}

/**
 * Cache: wallets and currency of a sale, constant for all of its buyers; evicted with the listing.
 */
const knownTerms = new WeakMap<Offer, Map<string, Promise<Terms>>>();

function termsOf(services: PostingServices, offer: Offer, currency: string): Promise<Terms> {
  let terms = knownTerms.get(offer);
  if (!terms) knownTerms.set(offer, (terms = new Map()));
  const known = terms.get(currency);
  if (known) return known;
  const found = findTerms(services, offer, currency);
  terms.set(currency, found);
  // Misses stay uncached: the row may appear later.
  found.catch(() => terms.delete(currency));
  return found;
}

async function findTerms(
  { directory }: PostingServices,
  { sellerId }: Offer,
  currency: string,
): Promise<Terms> {
  const [row, payee, fees] = await Promise.all([
    directory.currency(currency),
    sellerId === null
      ? directory.systemWallet(HOME_PLATFORM, "mint")
      : directory.walletNumber(sellerId),
    directory.systemWallet(HOME_PLATFORM, "fees"),
  ]);
  return { currencyNumber: Number(row.number), payee, fees };
}

function idempotencyOf({ idempotencyKey: key, listingId, quantity, currency }: PurchaseRequest) {
  if (key === undefined) return undefined;
  return { key, fingerprint: fingerprintOf({ listingId, quantity, currency }) };
}
