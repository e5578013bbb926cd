/** Offers of platforms' own stock as /api/v1 shows them. */
import type { FastifyReply } from "fastify";
import type { Static } from "typebox";
import type { ItemFacts } from "../../../items/items/item-queries.ts";
import type { DescribedOffer } from "../../../market/stock/describe-offer.ts";
import type { StockOfferSchema } from "../schemas/schemas-stock.ts";
import { etagOf } from "./etag.ts";
import { toFacts } from "./item-reply.ts";

export function toStockOffer(
  offer: DescribedOffer,
  facts: ItemFacts,
): Static<typeof StockOfferSchema> {
  const { currency, price: amount, revision: _revision, stock, sold, ...shown } = offer;
  return {
    ...shown,
    ...toFacts(facts),
    price: { currency, amount },
    stock,
    sold,
    left: stock === null ? null : stock - sold,
  };
}

/** Changes of the offer are matched by its version alone: sales go on meanwhile. */
export function stockEtag({ version, revision }: DescribedOffer): string {
  return etagOf(version, revision);
}

export function setStockEtag(reply: FastifyReply, offer: DescribedOffer): void {
  void reply.header("etag", stockEtag(offer));
}
