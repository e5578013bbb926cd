/** The part of the error catalogue that is about items, the market and its limits. */
import { define, type ErrorDefinition } from "./error-definition.ts";

export const ITEM_ERRORS = {
  invalid_item_type: define(400, "INVALID_ITEM_TYPE", [
    "There is no such type of item.",
    "道具类型无效",
  ]),
  invalid_rarity: define(400, "INVALID_RARITY", ["There is no such rarity.", "稀有度无效"]),
  invalid_quantity: define(400, "INVALID_QUANTITY", ["The quantity breaks a rule.", "数量无效"]),
  invalid_price: define(400, "INVALID_PRICE", ["The price breaks a rule.", "价格无效"]),
  item_not_found: define(404, "ITEM_NOT_FOUND", [
    "The caller has no such item, and there is no such listing.",
    "道具不存在",
  ]),
  item_exists: define(409, "ITEM_ALREADY_EXISTS", ["This item was imported before.", "道具已存在"]),
  item_not_available: define(409, "ITEM_NOT_AVAILABLE", [
    "The listing was sold or removed, or has expired.",
    "商品已售出或已下架",
  ]),
  listing_not_started: define(409, "ITEM_NOT_AVAILABLE", [
    "The listing is not on sale yet; startsAt says from when.",
    "商品尚未开售",
  ]),
  item_in_escrow: define(409, "ITEM_IN_ESCROW", [
    "The item is listed in the market; cancel the listing first.",
    "道具正在市场出售中",
  ]),
  item_not_exported: define(409, "ITEM_NOT_EXPORTED", [
    "The item is not outside New Day, so it cannot return.",
    "道具未导出，无法退回",
  ]),
  item_already_used: define(400, "ITEM_ALREADY_USED", ["The item was used.", "道具已使用"]),
  already_transferred: define(409, "ALREADY_TRANSFERRED", [
    "The same transfer was done before.",
    "道具已转移",
  ]),
  own_listing: define(403, "FORBIDDEN", [
    "One's own listing cannot be bought.",
    "不能购买自己的商品",
  ]),
  import_limit: define(
    429,
    "RATE_LIMITED",
    ["No more imports today for this user.", "今日导入次数已达上限"],
    { retryable: true },
  ),
  listing_limit: define(409, "LISTING_LIMIT", [
    "Too many declared listings at a time; list owned items, or cancel one first.",
    "未持有道具的上架数量已达上限",
  ]),
  merge_undone: define(409, "ITEM_NOT_AVAILABLE", [
    "This merge was undone before; the item exists.",
    "该合并此前已撤销，道具已恢复",
  ]),
  merge_moved_on: define(409, "ITEM_NOT_AVAILABLE", [
    "The item that stayed has changed since the merge, so that it cannot simply be undone.",
    "合并后保留的道具已发生变化，无法直接撤销合并",
  ]),
  purchase_limit: define(409, "PURCHASE_LIMIT", [
    "This user has bought as many of it as the listing allows.",
    "已达到限购数量",
  ]),
} as const satisfies Record<string, ErrorDefinition>;
