/** Buying from a platform's own stock: one call, one transaction. */
import type { Queryable } from "../../db/database.ts";
import { newUuid } from "../../engine/identifiers.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import { NewDayError } from "../../errors/errors.ts";
import {
  refuseSuspended,
  type PlatformDirectory,
} from "../../identity/platforms/platform-directory.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { UNVERIFIED_AMOUNT_MAX } from "../../identity/spending-limit.ts";
import { BoundedMap } from "../../lib/bounded-map.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import { dayOf } from "../../ledger/limits/limit-counters.ts";
import type { OwnedWallet } from "../../ledger/wallets/owned-wallet-queries.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { PurchaseResult } from "../purchases/sale.ts";
import { stockPurchaseOperation, type StockPurchasePayload } from "./stock-purchase-operation.ts";
import { findSellingPlatforms, findStockOffer } from "./stock-queries.ts";
import type { StockPrice } from "./stock-rows.ts";

export interface StockPurchase {
  readonly buyer: Pick<OwnedWallet, "number" | "userId" | "platform">;
  /** Whether the buyer's login is verified. */
  readonly isVerified: boolean;
  readonly offerId: string;
  readonly quantity: number;
  /** Per piece, as the buyer saw it. */
  readonly seen: StockPrice;
}

interface SellingServices extends PostingServices {
  readonly platforms: Pick<PlatformDirectory, "requirePlatform">;
}

/**
 * Buys as one posting; a repeated request answers the first outcome, also when the offer is for others since.
 * Errors: `item_not_found` for the offer, `platform_suspended` for its seller, `invalid_currency`, and those of the engine; a refusal is an outcome.
 */
export function buyStock<Given extends StockPurchase>(
  services: SellingServices,
  purchase: Exactly<StockPurchase, Given>,
  terms: OperationTerms,
): Promise<Outcome<PurchaseResult>> {
  const given: StockPurchase = purchase;
  const prepare = async () =>
    operationOf(stockPurchaseOperation, await toPayload(services, given), terms);
  return submitResolved(services, { type: stockPurchaseOperation, terms, prepare });
}

async function toPayload(
  { db, directory, platforms }: SellingServices,
  { buyer, isVerified, offerId, quantity, seen, ...unread }: StockPurchase,
): Promise<StockPurchasePayload> {
  unread satisfies NothingElse;
  const seller = await requireSeller(db, offerId, buyer.platform);
  refuseSuspended(await platforms.requirePlatform(seller, "listingId"));
  const [currency, payee, fees] = await Promise.all([
    directory.currency(seen.currency),
    directory.systemWallet(seller, "fees"),
    directory.systemWallet(HOME_PLATFORM, "fees"),
  ]);
  return {
    offerId,
    buyerId: buyer.userId,
    platform: buyer.platform,
    quantity: BigInt(quantity),
    currency: currency.code,
    currencyNumber: Number(currency.number),
    seenPrice: seen.price,
    newItemId: `inv-${newUuid()}`,
    day: dayOf(new Date()),
    payMax: isVerified ? null : UNVERIFIED_AMOUNT_MAX,
    wallets: { buyer: buyer.number, payee, fees },
  };
}

/** The selling platform. An offer for its own users only is answered to others as one that is missing. */
async function requireSeller(db: Queryable, offerId: string, platform: string): Promise<string> {
  const seller = await platformReader(db)(offerId);
  const isVisible =
    seller === platform || (seller !== undefined && (await isForEverybody(db, offerId)));
  if (isVisible) return seller;
  throw new NewDayError("item_not_found", { field: "listingId" });
}

/** Read anew: its platform may change it. */
async function isForEverybody(db: Queryable, offerId: string): Promise<boolean> {
  return (await findStockOffer(db, offerId))?.buyers === "all";
}

/** Cache: the platforms of offers, which are constant; oldest evicted first. */
const CACHED_MAX = 10_000;

type PlatformReader = (offerId: string) => Promise<string | undefined>;

const readers = new WeakMap<Queryable, PlatformReader>();

function platformReader(db: Queryable): PlatformReader {
  let reader = readers.get(db);
  if (!reader) readers.set(db, (reader = createPlatformReader(db)));
  return reader;
}

function createPlatformReader(db: Queryable): PlatformReader {
  const cached = new BoundedMap<string, string>(CACHED_MAX);
  const read = coalesceReads((ids) => findSellingPlatforms(db, ids));
  return async (id) => {
    const known = cached.get(id) ?? (await read(id));
    if (known !== undefined) cached.set(id, known);
    return known;
  };
}
