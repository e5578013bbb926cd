/** Listings with their items, as the market shows them. */
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ItemFacts } from "../../items/items/item-queries.ts";
import {
  countActiveOffers,
  findOffer,
  listActiveOffers,
  type ItemOrigin,
  type SellerState,
  type ListingFilter,
  type ListingOrder,
  type StoredOffer,
} from "./listing-queries.ts";
import { fromStored, type ListingRow } from "./listing-rows.ts";

export type Offer = ListingRow & ItemFacts & ItemOrigin & SellerState;

export interface OfferPage {
  readonly offers: readonly Offer[];
  readonly total: number;
}

/** Active listings, the pinned stock first in the default order. */
export async function listOffers(
  { db }: PostingServices,
  filter: ListingFilter,
  page: { order: ListingOrder; limit: number; offset: number },
): Promise<OfferPage> {
  const [stored, total] = await Promise.all([
    listActiveOffers(db, filter, page),
    offerCounter(db)(JSON.stringify(filter)),
  ]);
  return { offers: stored.map(toOffer), total: total ?? 0 };
}

type CountOffers = (filter: string) => Promise<number | undefined>;

const counters = new WeakMap<Queryable, CountOffers>();

/**
 * Counting a large market takes longer than reading a page of it: concurrent callers share one
 * count.
 */
function offerCounter(db: Queryable): CountOffers {
  const counter =
    counters.get(db) ??
    coalesceReads(async (filters) => {
      const counts = new Map<string, number>();
      for (const filter of filters)
        counts.set(filter, await countActiveOffers(db, JSON.parse(filter) as ListingFilter));
      return counts;
    });
  counters.set(db, counter);
  return counter;
}

/** Errors: `item_not_found`, about the field in which the caller named the listing. */
export async function requireOffer(
  { db }: Pick<PostingServices, "db">,
  id: string,
  field = "itemId",
): Promise<Offer> {
  const stored = await findOffer(db, id);
  if (!stored) throw new NewDayError("item_not_found", { field });
  return toOffer(stored);
}

/** The offer of a posting that listed `quantity`, also when it has been sold since: a replay answers it again. */
export async function requireNewOffer(
  services: PostingServices,
  { listingId }: { readonly listingId: string },
  quantity: number,
): Promise<Offer> {
  const offer = await requireOffer(services, listingId);
  return { ...offer, status: "active", remaining: BigInt(quantity) };
}

export function toOffer(stored: StoredOffer): Offer {
  const { name, description, itemType, rarity, stats, icon, imageUrl, ...more } = stored;
  const { ownType = null, ownRarity = null, fields = null, origin, ...listing } = more;
  const facts = { name, description, itemType, rarity, stats, icon, imageUrl, origin };
  return { ...fromStored(listing), ...facts, ownType, ownRarity, fields };
}
