/** Puts an item on the market (docs/contract.md 5.2). */
import { uuidv7 } from "uuidv7";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms, Outcome } from "../../engine/operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { Item } from "../../items/items/item-queries.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { firstPrice, type Prices } from "../prices/prices.ts";
import {
  listItemOperation,
  type ListItemPayload,
  type ListItemResult,
} from "./list-item-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** An unsold listing ends by itself after 30 days. */
const LISTING_LIFE_MS = 30 * 24 * 60 * 60 * 1_000;

export interface NewListing {
  /** An item that goes into escrow, or the definition of a declared one. */
  readonly goods:
    | { readonly item: Pick<Item, "id" | "definitionId"> }
    | { readonly definitionId: string };
  readonly seller: { readonly userId: string; readonly name: string };
  readonly platform: string;
  readonly prices: Prices;
  readonly quantity: number;
  /** null: at once. */
  readonly startsAt: Date | null;
  /** undefined: 30 days after its beginning. */
  readonly endsAt: Date | undefined;
  /** Name of the field that holds the end, for refusals. */
  readonly endField: string;
}

/**
 * Escrows the item and lists it. `resolve` finds the goods; its failure is answered with the first
 * outcome under the key, also after the sale. Errors: those of `resolve`, `invalid_field` for the end,
 * `idempotency_conflict`, and those of the engine.
 */
export function listItem<Given extends NewListing>(
  services: PostingServices,
  resolve: () => Promise<Exactly<NewListing, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ListItemResult>> {
  const prepare = async () => {
    const listing = toListingRow(await resolve());
    return operationOf(listItemOperation, { listing, newItemId: `inv-${uuidv7()}` }, terms);
  };
  return submitResolved(services, { type: listItemOperation, terms, prepare });
}

function toListingRow({
  goods,
  seller: { userId: sellerId, name: sellerName, ...unreadOfSeller },
  platform,
  prices,
  quantity,
  startsAt,
  endsAt,
  endField,
  ...unread
}: NewListing): ListItemPayload["listing"] {
  unreadOfSeller satisfies NothingElse;
  unread satisfies NothingElse;
  const isEscrowed = "item" in goods;
  return {
    id: uuidv7(),
    kind: isEscrowed ? "escrowed" : "declared",
    saleType: "player_market",
    platform,
    sellerId,
    sellerName,
    definitionId: isEscrowed ? goods.item.definitionId : goods.definitionId,
    itemId: isEscrowed ? goods.item.id : null,
    prices,
    ...firstPrice(prices),
    remaining: BigInt(quantity),
    status: "active",
    perUserLimit: null,
    perDayLimit: null,
    pin: null,
    views: 0n,
    listedAt: new Date(),
    startsAt,
    expiresAt: requireEnd({ startsAt, endsAt, endField }),
    revision: 1n,
  };
}

function requireEnd({
  startsAt,
  endsAt,
  endField,
}: Pick<NewListing, "startsAt" | "endsAt" | "endField">): Date {
  const begins = Math.max(startsAt?.getTime() ?? 0, Date.now());
  const ends = endsAt ?? new Date(begins + LISTING_LIFE_MS);
  if (ends.getTime() > begins) return ends;
  throw new NewDayError("invalid_field", {
    field: endField,
    rule: { en: "must be in the future, and after startsAt", zh: "必须晚于当前时间与 startsAt" },
  });
}
