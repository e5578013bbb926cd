/** Takes listings off the market: for their sellers, and at their end. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { cancelListingOperation, type CancelListingPayload } from "./cancel-listing-operation.ts";
import { listExpiredListings } from "./listing-queries.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** Listings per sweep; the next one follows soon. */
const SWEEP_MAX = 200;

/** An escrowed item is back in its seller's hands. Errors: those of the engine. */
export function cancelListing<Given extends Omit<CancelListingPayload, "reason">>(
  { engine }: PostingServices,
  cancelled: Exactly<Omit<CancelListingPayload, "reason">, Given>,
  terms: OperationTerms,
): Promise<Outcome<null>> {
  const { listingId, sellerId, itemId, ...unread }: Omit<CancelListingPayload, "reason"> =
    cancelled;
  unread satisfies NothingElse;
  const payload = { listingId, sellerId, itemId, reason: "removed" } as const;
  return engine.submit(operationOf(cancelListingOperation, payload, terms));
}

/**
 * Returns the items of listings that expired by a past time; gives the number of closed ones. A
 * listing sold or removed meanwhile counts as closed. A failing one leaves the others to be closed.
 */
export async function closeExpiredListings({ db, engine }: PostingServices): Promise<number> {
  const expired = await listExpiredListings(db, SWEEP_MAX);
  const outcomes = await engine.submitMany(
    expired.map((listing) => {
      const payload: CancelListingPayload = { ...listing, reason: "expired" };
      return operationOf(cancelListingOperation, payload, { caller: "market" });
    }),
    "independent",
  );
  return outcomes.filter(({ status }) => status === "posted").length;
}
