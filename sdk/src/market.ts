import type {
  Listing, PostListingBody, PostListingCancelBody, PostPurchaseBody, Purchase,
} from "./generated/api-types.ts"; // prettier-ignore
import type { Page, PageQuery, Request, WriteOptions } from "./request.ts";

export interface ListingsQuery extends PageQuery {
  /** Words of the name or the description. */
  readonly q?: string;
  readonly type?: string;
  readonly rarity?: string;
  readonly platform?: string;
  readonly sellerId?: string;
  readonly official?: boolean;
  /** Listings that can be paid in it; the price limits are in its minor units. */
  readonly currency?: string;
  readonly priceMin?: string;
  readonly priceMax?: string;
  readonly listedFrom?: string;
  readonly listedUntil?: string;
  readonly sort?: string;
}

/** Offers in the market; the offered item lies in escrow until it is sold or the offer ends. */
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

/** Money, commission and item change hands in one step, or not at all. */
export function purchasesOf(request: Request) {
  return {
    post: (body: PostPurchaseBody, write: WriteOptions = {}) =>
      request<Purchase>({ method: "POST", path: "/api/v1/purchases", body, write }),
  };
}
