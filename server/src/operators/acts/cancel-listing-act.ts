/** Takes a user's listing off the market; the item is back in the seller's hands. */
import { operationOf } from "../../engine/operation-type.ts";
import { NewDayError } from "../../errors/errors.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import { cancelListingOperation } from "../../market/listings/cancel-listing-operation.ts";
import { findOffer } from "../../market/listings/listing-queries.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";

/** Errors: `item_not_found` for the official stock too, `invalid_field`; in the engine `item_not_available`. */
export const cancelListingAct: ActKind<
  { readonly listingId: string; readonly reason: string },
  null
> = {
  what: "listing cancel",
  role: "support",
  async prepare({ db }, context, { listingId, reason }) {
    requireReason(reason);
    const listing = await findOffer(db, listingId);
    if (!listing || listing.sellerId === null)
      throw new NewDayError("item_not_found", { field: "id" });
    const { sellerId, itemId } = listing;
    const payload = { listingId, sellerId, itemId, reason: "removed" } as const;
    return {
      subject: listingId,
      userId: sellerId,
      reason,
      operation: operationOf(cancelListingOperation, payload, termsOfAct(context)),
      weigh: () => "never",
      describe: () => ({ before: { status: "active" }, after: { status: "removed" } }),
    };
  },
};
