/** Listings as /api/v1 shows them. */
import type { Static } from "typebox";
import type { Offer } from "../../../market/listings/offers.ts";
import { toFacts } from "./item-reply.ts";
import type { Listing } from "../schemas/schemas-items.ts";

/** `at`: the time for which its status counts. */
export function toListing(offer: Offer, at: Date = new Date()): Static<typeof Listing> {
  const { remaining, perUserLimit, perDayLimit } = offer;
  const prices = Object.entries(offer.prices).map(([code, amount]) => [code, `${amount}`]);
  return {
    id: offer.id,
    kind: offer.kind,
    status: isFrozen(offer) ? "frozen" : isUpcoming(offer, at) ? "upcoming" : offer.status,
    platform: offer.platform,
    sellerId: offer.sellerId,
    sellerName: offer.sellerName,
    itemId: offer.itemId,
    origin: offer.origin,
    ...toFacts(offer),
    prices: Object.fromEntries(prices) as Record<string, string>,
    remaining: remaining === null ? null : Number(remaining),
    perUserLimit: perUserLimit === null ? null : Number(perUserLimit),
    perDayLimit: perDayLimit === null ? null : Number(perDayLimit),
    listedAt: offer.listedAt.toISOString(),
    startsAt: offer.startsAt?.toISOString() ?? null,
    endsAt: offer.expiresAt?.toISOString() ?? null,
  };
}

/** Off sale while its seller or the seller's platform is stopped; it ends as every other one. */
export function isFrozen({ status, isFrozen: frozen }: Offer): boolean {
  return status === "active" && frozen === true;
}

/** Listed and in escrow, before its start. */
export function isUpcoming({ status, startsAt }: Offer, at: Date = new Date()): boolean {
  return status === "active" && startsAt !== null && startsAt > at;
}
