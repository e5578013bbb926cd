/** Makes room for one more declared listing of a test page, which lists an item without an owner at each run. */
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { cancelListing } from "./cancel-listing.ts";
import { DECLARED_MAX } from "./list-item-operation.ts";
import { listOldestDeclared } from "./listing-queries.ts";

/** Ends the seller's oldest declared listings until one more fits. Two runs at once may still meet the limit. */
export async function makeRoomForDeclared(
  services: PostingServices,
  sellerId: string,
): Promise<void> {
  const surplus = await listOldestDeclared(services.db, sellerId, Number(DECLARED_MAX) - 1);
  for (const listingId of surplus)
    await cancelListing(services, { listingId, sellerId, itemId: null }, { caller: "market" });
}
