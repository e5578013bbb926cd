import type {
  BulkResult,
  Item,
  ItemEvent,
  ItemMove,
  ItemState,
  ItemType,
  PostGiftAcceptBody,
  PostGiftDeclineBody,
  PostItemExportBody,
  PostItemGiftBody,
  PostItemGrantBody,
  PostItemGrantBulkBody,
  PostItemReturnBody,
  Rarity,
} from "./generated/api-types.ts";
import type { Page, PageQuery, Request, WriteOptions } from "./request.ts";

export interface ItemsQuery extends PageQuery {
  readonly state?: ItemState;
  readonly type?: ItemType;
  readonly rarity?: Rarity;
  /** True: only the gifts that wait for the user's acceptance. */
  readonly waiting?: boolean;
}

/** Items and their history; a stack moves whole unless a quantity is given. */
export function itemsOf(request: Request) {
  const item = (id: string) => `/api/v1/items/${encodeURIComponent(id)}`;
  const move = (path: string, body: unknown, write: WriteOptions) =>
    request<ItemMove>({ method: "POST", path, body, write });
  return {
    list: (userId: string, query: ItemsQuery = {}) =>
      request<Page<Item>>({
        method: "GET",
        path: `/api/v1/wallets/${encodeURIComponent(userId)}/items`,
        query: { ...query },
      }),
    get: (id: string) => request<Item>({ method: "GET", path: item(id) }),
    /** The item's history, newest first. */
    listEvents: (id: string, query: PageQuery = {}) =>
      request<Page<ItemEvent>>({ method: "GET", path: `${item(id)}/history`, query: { ...query } }),
    /** Gives a user a new item; platform keys only. */
    grant: (body: PostItemGrantBody, write: WriteOptions = {}) =>
      move("/api/v1/items/grants", body, write),
    /** Up to 1,000 grants, `atomic` or `independent`; results in the order sent. */
    grantBulk: (body: PostItemGrantBulkBody, write: WriteOptions = {}) =>
      request<BulkResult>({ method: "POST", path: "/api/v1/items/grants/bulk", body, write }),
    gift: (id: string, body: PostItemGiftBody, write: WriteOptions = {}) =>
      move(`${item(id)}/gifts`, body, write),
    /** Accepts a gift of another user, which `giftFrom` names. */
    acceptGift: (id: string, body: PostGiftAcceptBody = {}, write: WriteOptions = {}) =>
      move(`${item(id)}/accept`, body, write),
    /** The gift goes back to its giver. */
    declineGift: (id: string, body: PostGiftDeclineBody = {}, write: WriteOptions = {}) =>
      move(`${item(id)}/decline`, body, write),
    /** The item leaves New Day for another platform; the answer is the receipt. */
    export: (id: string, body: PostItemExportBody, write: WriteOptions = {}) =>
      move(`${item(id)}/exports`, body, write),
    /** Returns an exported item. */
    return: (id: string, body: PostItemReturnBody = {}, write: WriteOptions = {}) =>
      move(`${item(id)}/returns`, body, write),
  };
}
