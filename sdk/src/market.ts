import type {
  Listing,
  PostListingBody,
  PostListingCancelBody,
  PostPurchaseBody,
  Purchase,
  PurchaseRecord,
} from "./generated/api-types.ts";
import type { Page, PageQuery, Request, WriteOptions } from "./request.ts";

export interface CatalogueQuery extends PageQuery {
  /** Part of the name. */
  readonly q?: string;
  readonly type?: string;
  readonly rarity?: string;
  readonly platform?: string;
  /** Listings that can be paid in it; the price limits are in its minor units. */
  readonly currency?: string;
  readonly priceMin?: string;
  readonly priceMax?: string;
  readonly listedFrom?: string;
  readonly listedUntil?: string;
  /** Listings that end in this range of time; `endsUntil` is excluded. */
  readonly endsFrom?: string;
  readonly endsUntil?: string;
  readonly sort?: string;
}

export interface ListingsQuery extends CatalogueQuery {
  readonly sellerId?: string;
  readonly official?: boolean;
  /** Future listings of `sellerId`; visible to the seller and its platform only. */
  readonly upcoming?: boolean;
}

export interface PurchasesQuery extends PageQuery {
  /** `buyer` by default. */
  readonly role?: "buyer" | "seller";
  readonly listingId?: string;
  readonly currency?: string;
  /** ISO-8601, inclusive. */
  readonly from?: string;
  /** ISO-8601, exclusive. */
  readonly until?: string;
}

/** The stores' own stock, in the stores' order by default. */
export function catalogueOf(request: Request) {
  return {
    list: (query: CatalogueQuery = {}) =>
      request<Page<Listing>>({ method: "GET", path: "/api/v1/catalogue", query: { ...query } }),
  };
}

/** Listings in the market; a listed item lies in escrow until it is sold or the listing ends. */
export function listingsOf(request: Request) {
  const listing = (id: string) => `/api/v1/listings/${encodeURIComponent(id)}`;
  return {
    list: (query: ListingsQuery = {}) =>
      request<Page<Listing>>({ method: "GET", path: "/api/v1/listings", query: { ...query } }),
    get: (id: string) => request<Listing>({ method: "GET", path: listing(id) }),
    post: (body: PostListingBody, write: WriteOptions = {}) =>
      request<Listing>({ method: "POST", path: "/api/v1/listings", body, write }),
    cancel: (id: string, body: PostListingCancelBody = {}, write: WriteOptions = {}) =>
      request<Listing>({ method: "POST", path: `${listing(id)}/cancel`, body, write }),
  };
}

/** Money, commission and item change hands in one step, or all stay. */
export function purchasesOf(request: Request) {
  return {
    post: (body: PostPurchaseBody, write: WriteOptions = {}) =>
      request<Purchase>({ method: "POST", path: "/api/v1/purchases", body, write }),
    /** A user's purchases, or sales with `role: "seller"`; newest first. */
    list: (userId: string, query: PurchasesQuery = {}) =>
      request<Page<PurchaseRecord>>({
        method: "GET",
        path: `/api/v1/wallets/${encodeURIComponent(userId)}/purchases`,
        query: { ...query },
      }),
  };
}
