/** Replies about items, listings and transfers of /api/admin. */
import type { Static } from "typebox";
import type { Directory } from "../../../ledger/wallets/directory.ts";
import type { ItemPage } from "../../../operators/things/item-page.ts";
import type { ListingPage } from "../../../operators/things/listing-page.ts";
import type { TransferPage } from "../../../operators/transfers/transfer-page.ts";
import type { TransferRow } from "../../../operators/transfers/transfer-queries.ts";
import { showDetails } from "../../v1/app/operation-details.ts";
import { toHold } from "../../v1/replies/hold-reply.ts";
import { toItem } from "../../v1/replies/item-reply.ts";
import { toListing } from "../../v1/replies/listing-reply.ts";
import { toPurchaseRecord } from "../../v1/replies/purchase-reply.ts";
import type { TransferPageSchema } from "./schemas-things.ts";
import { toUserSummary } from "./user-replies.ts";

export function toItemPage({ item, owner, origin }: ItemPage) {
  const { source, allinoneItemId, listingId, mergedIds } = origin;
  return {
    item: toItem(item),
    owner: owner ? toUserSummary(owner) : null,
    source,
    allinoneItemId,
    listingId,
    mergedIds: [...mergedIds],
  };
}

export function toListingPage({ listing, seller, item }: ListingPage) {
  return {
    listing: toListing(listing),
    seller: seller ? toUserSummary(seller) : null,
    item: item ? toItem(item) : null,
  };
}

function toTransferFacts({ id, kind, caller, recordedAt, refusal, ...details }: TransferRow) {
  const { reference, reason } = details;
  return { id, kind, by: caller, at: recordedAt.toISOString(), refusal, reference, reason };
}

export function toTransferSummary(transfer: TransferRow) {
  const { movements, movementCount } = transfer;
  return {
    ...toTransferFacts(transfer),
    movements: movements.map(({ from, to, currency, amount }) => ({ from, to, currency, amount })),
    movementCount,
  };
}

export async function toTransferPage(
  directory: Directory,
  { transfer, refunded, related, hold, purchase }: TransferPage,
): Promise<Static<typeof TransferPageSchema>> {
  const { effectiveAt = null, metadata = null } = showDetails(transfer);
  return {
    ...toTransferFacts(transfer),
    effectiveAt,
    metadata,
    result: transfer.result && { ...transfer.result },
    related: transfer.related,
    movements: transfer.movements.map(({ line, ...movement }) => ({
      ...movement,
      refunded: `${refunded.get(line) ?? 0n}`,
    })),
    relatedTransfers: related.map(({ id, kind, recordedAt }) => ({
      id,
      kind,
      at: recordedAt.toISOString(),
    })),
    hold: hold ? await toHold({ directory }, hold) : null,
    purchase: purchase ? toPurchaseRecord(purchase) : null,
  };
}
