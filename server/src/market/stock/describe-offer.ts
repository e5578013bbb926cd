/** An offer of own stock as plain data: the result of its operations, and what replies show. */
import type { StockBuyers, StockOfferRow, StockStatus } from "./stock-rows.ts";

export type DescribedOffer = {
  readonly id: string;
  readonly platform: string;
  readonly definitionId: string;
  readonly currency: string;
  readonly price: string;
  readonly stock: number | null;
  readonly sold: number;
  readonly perUserLimit: number | null;
  readonly perDayLimit: number | null;
  readonly buyers: StockBuyers;
  readonly status: StockStatus;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly createdAt: string;
  readonly version: string;
  readonly revision: string;
};

export function describeOffer(offer: StockOfferRow): DescribedOffer {
  const { id, platform, definitionId, currency, buyers, status } = offer;
  return {
    id,
    platform,
    definitionId,
    currency,
    price: `${offer.price}`,
    stock: countOf(offer.stock),
    sold: Number(offer.sold),
    perUserLimit: countOf(offer.perUserLimit),
    perDayLimit: countOf(offer.perDayLimit),
    buyers,
    status,
    startsAt: offer.startsAt?.toISOString() ?? null,
    endsAt: offer.endsAt?.toISOString() ?? null,
    createdAt: offer.createdAt.toISOString(),
    version: `${offer.version}`,
    revision: `${offer.revision}`,
  };
}

function countOf(pieces: bigint | null): number | null {
  return pieces === null ? null : Number(pieces);
}
