/** Offers of platforms' own stock, read for replies. */
import { NewDayError } from "../../errors/errors.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { findStockOffer, type StockOffer } from "./stock-queries.ts";

/** Errors: `item_not_found`, also for an offer of another platform. */
export async function requireOwnStock(
  services: Pick<PostingServices, "db">,
  id: string,
  platform: string,
): Promise<void> {
  const offer = await requireStockOffer(services, id);
  if (offer.platform !== platform) throw new NewDayError("item_not_found", { field: "id" });
}

/** Errors: `item_not_found`. */
export async function requireStockOffer(
  { db }: Pick<PostingServices, "db">,
  id: string,
): Promise<StockOffer> {
  const offer = await findStockOffer(db, id);
  if (!offer) throw new NewDayError("item_not_found", { field: "id" });
  return offer;
}
