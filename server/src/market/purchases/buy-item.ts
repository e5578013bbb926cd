/** Buying: one call, one transaction, for every kind of listing (docs/contract.md 5.3). */
import {
  refuseSuspended,
  type PlatformDirectory,
} from "../../identity/platforms/platform-directory.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { UNVERIFIED_AMOUNT_MAX } from "../../identity/spending-limit.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { dayOf } from "../../ledger/limits/limit-counters.ts";
import { newUuid } from "../../engine/identifiers.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { purchaseOperation, type PurchasePayload } from "./purchase-operation.ts";
import type { PurchaseResult } from "./sale.ts";
import { commissionOf } from "../prices/commission.ts";
import { priceDetails } from "../prices/price-details.ts";
import { topUpTestUser } from "./top-up-test-user.ts";
import type { CurrencyCode } from "../../ledger/currencies/currency-names.ts";
import { findOffers } from "../listings/listing-queries.ts";
import { toOffer, type Offer } from "../listings/offers.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface PurchaseRequest {
  readonly buyerId: string;
  /** Whether the buyer's login is verified. */
  readonly isVerified: boolean;
  /** Coins a day that refill a test user; null for every other buyer. */
  readonly testBudget: bigint | null;
  readonly listingId: string;
  readonly quantity: number;
  /** undefined: the listing's first price. */
  readonly currency: string | undefined;
  /** Of one piece, as the buyer saw it; undefined: unchecked. */
  readonly seenPrice?: bigint | undefined;
  /** Names of the caller's fields, for refusals. */
  readonly fields: { readonly listing: string; readonly currency: string };
}

export interface BoughtItem {
  readonly offer: Offer;
  readonly outcome: Outcome<PurchaseResult>;
}

interface MarketServices extends PostingServices {
  readonly platforms: Pick<PlatformDirectory, "requirePlatform">;
}

/**
 * Buys as one posting. Errors: `item_not_found` for the listing, `invalid_currency`, `price_changed`,
 * `platform_suspended` for the seller's, `wallet_not_found`, `idempotency_conflict`, and those of the engine. A
 * repeated call without a key is a second purchase.
 */
export async function buyItem<Given extends PurchaseRequest>(
  services: MarketServices,
  request: Exactly<PurchaseRequest, Given>,
  terms: OperationTerms,
): Promise<BoughtItem> {
  const { listingId, fields } = request;
  const offer = await offerReader(services.db)(listingId);
  if (!offer) throw new NewDayError("item_not_found", { field: fields.listing });
  const paidIn = requireOffered(offer, request.currency, fields.currency);
  requireSeenPrice(offer, paidIn, request.seenPrice);
  const prepare = async () => {
    await requireActiveSeller(services, offer, fields.listing);
    await topUpForPurchase(services, request, { offer, paidIn });
    const payload = await purchasePayload(services, { request, paidIn }, offer);
    return operationOf(purchaseOperation, payload, terms);
  };
  return {
    offer,
    outcome: await submitResolved(services, { type: purchaseOperation, terms, prepare }),
  };
}

/** What users of a suspended platform have listed rests: they can neither see nor end it. */
async function requireActiveSeller(
  { directory, platforms }: MarketServices,
  { sellerId }: Offer,
  field: string,
): Promise<void> {
  const seller = sellerId === null ? undefined : await directory.findWallet(sellerId);
  if (seller) refuseSuspended(await platforms.requirePlatform(seller.platform, field));
}

/** The currency that the budget of test users is in. */
const COIN = "game_coins" satisfies CurrencyCode;

/** The shop's coins only: what players sell, a test user pays from what it has. */
async function topUpForPurchase(
  services: PostingServices,
  { buyerId: userId, testBudget: dailyBudget, quantity }: PurchaseRequest,
  { offer, paidIn }: { readonly offer: Offer; readonly paidIn: string },
): Promise<void> {
  if (dailyBudget === null || offer.sellerId !== null || paidIn !== COIN) return;
  const price = (offer.prices[paidIn] ?? 0n) * BigInt(quantity);
  const needed = price + commissionOf(price, offer.saleType);
  await topUpTestUser(services, { userId, dailyBudget, needed });
}

/** A listing's prices are constant, so this check runs before the engine. */
function requireOffered(
  { prices, currency: first }: Offer,
  currency: string | undefined,
  field: string,
): string {
  if (currency === undefined) return first;
  if (Object.hasOwn(prices, currency)) return currency;
  throw new NewDayError("invalid_currency", {
    field,
    rule: {
      en: `must be one of ${Object.keys(prices).join(", ")}, in which the listing is sold`,
      zh: `必须是该商品可用的货币之一：${Object.keys(prices).join("、")}`,
    },
  });
}

/** Errors: `price_changed`. */
function requireSeenPrice({ prices }: Offer, currency: string, seen: bigint | undefined): void {
  const price = prices[currency];
  if (seen === undefined || price === undefined || seen === price) return;
  throw new NewDayError(
    "price_changed",
    priceDetails({ currency, price: seen }, { currency, price }),
  );
}

async function purchasePayload(
  services: PostingServices,
  { request, paidIn }: { readonly request: PurchaseRequest; readonly paidIn: string },
  offer: Offer,
): Promise<PurchasePayload> {
  const { buyerId, isVerified, listingId, quantity, ...more } = request;
  const {
    testBudget: _testBudget,
    currency: _currency,
    fields: _fields,
    seenPrice: _seenPrice,
    ...unread
  } = more;
  unread satisfies NothingElse;
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
    sellerId: offer.sellerId,
    limited: offer.perDayLimit !== null || offer.perUserLimit !== null,
    freesSlotOf:
      offer.kind !== "official" && offer.remaining === BigInt(quantity) ? offer.sellerId : null,
    payMax: isVerified || offer.sellerId === null ? null : UNVERIFIED_AMOUNT_MAX,
    wallets: { buyer, payee, fees },
  };
}

/** Cache: a listing's item, prices and seller, which are constant; oldest evicted first. */
const CACHED_MAX = 10_000;

type OfferReader = (id: string) => Promise<Offer | undefined>;

const offerReaders = new WeakMap<Queryable, OfferReader>();

/** The engine decides the listing's rest and status; the cached row is only a lead. */
function offerReader(db: Queryable): OfferReader {
  let reader = offerReaders.get(db);
  if (!reader) offerReaders.set(db, (reader = createOfferReader(db)));
  return reader;
}

function createOfferReader(db: Queryable): OfferReader {
  const cached = new BoundedMap<string, Offer>(CACHED_MAX);
  const read = coalesceReads((ids) => offersById(db, ids));
  return async (id) => {
    const known = cached.get(id);
    if (known) return known;
    const offer = await read(id);
    if (!offer) return undefined;
    cached.set(id, offer);
    return offer;
  };
}

async function offersById(db: Queryable, ids: readonly string[]): Promise<Map<string, Offer>> {
  const stored = await findOffers(db, ids);
  return new Map(stored.map((offer) => [offer.id, toOffer(offer)]));
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
