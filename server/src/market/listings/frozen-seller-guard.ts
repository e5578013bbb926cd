/** Nothing of a frozen seller is sold or listed; their listings can end, and the items go back. */
import type { PostingGuard } from "../../engine/posting-rules.ts";
import { rowAfter, type RowChange } from "../../engine/resource.ts";
import { refuseFrozenOwners, type OwnerPart } from "../../policy/user-freezes/require-unfrozen.ts";
import { listings, type ListingStatus } from "./listing-rows.ts";

export const frozenSellerGuard: PostingGuard = {
  check(view, { changes = [], overrides }, { now }) {
    refuseFrozenOwners(view, changes.flatMap(sellerOf), { now, despite: overrides });
  },
};

const ENDED_UNSOLD: ReadonlySet<ListingStatus> = new Set(["removed", "expired"]);

function sellerOf(change: RowChange): OwnerPart[] {
  const listing = rowAfter(listings, change)?.row;
  if (!listing || listing.sellerId === null || ENDED_UNSOLD.has(listing.status)) return [];
  return [{ userId: listing.sellerId, part: "items" }];
}
