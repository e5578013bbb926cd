/** Errors of items, the market and its limits. */
import type { ErrorRows } from "./error-row.ts";

export const ITEM_ERRORS = {
  invalid_item_type: {
    status: 400,
    contractCode: "INVALID_ITEM_TYPE",
    exitCode: 2,
    message: { en: "The item type is unknown.", zh: "道具类型无效" },
    remedy: { en: "Use one of the types that the answer lists.", zh: "请使用回复中列出的类型" },
  },
  invalid_rarity: {
    status: 400,
    contractCode: "INVALID_RARITY",
    exitCode: 2,
    message: { en: "The rarity is unknown.", zh: "稀有度无效" },
    remedy: {
      en: "Use one of the rarities that the answer lists.",
      zh: "请使用回复中列出的稀有度",
    },
  },
  invalid_quantity: {
    status: 400,
    contractCode: "INVALID_QUANTITY",
    exitCode: 2,
    message: { en: "The quantity is invalid.", zh: "数量无效" },
    remedy: {
      en: "Send a quantity that keeps the rule of the answer.",
      zh: "请使用符合回复中所述规则的数量",
    },
  },
  invalid_price: {
    status: 400,
    contractCode: "INVALID_PRICE",
    exitCode: 2,
    message: { en: "The price is invalid.", zh: "价格无效" },
    remedy: {
      en: "Send a price that keeps the rule of the answer.",
      zh: "请使用符合回复中所述规则的价格",
    },
  },
  item_not_found: {
    status: 404,
    contractCode: "ITEM_NOT_FOUND",
    exitCode: 2,
    message: { en: "Item or listing not found.", zh: "道具不存在" },
    remedy: {
      en: "Check the id against the caller's inventory and the market.",
      zh: "请对照库存与市场检查 ID",
    },
  },
  item_locked: {
    status: 403,
    contractCode: "ITEM_LOCKED",
    exitCode: 2,
    message: {
      en: "The move is not allowed: the item was bought with starter coins, and is locked until its owner is verified.",
      zh: "此道具以新手币购得，在用户通过平台验证前不能赠送、上架或转出",
    },
    remedy: {
      en: "Log the owner in with an assertion of their platform, or use the item, or export it to that platform; see docs/login.md.",
      zh: "请以平台签名的断言登录该用户；也可使用该道具，或导出到其所属平台，见 docs/login.md",
    },
  },
  item_exists: {
    status: 409,
    contractCode: "ITEM_ALREADY_EXISTS",
    exitCode: 2,
    message: { en: "This item was imported before.", zh: "道具已存在" },
    remedy: {
      en: "Use the item that the answer shows, or import under another id.",
      zh: "请使用回复中已有的道具，或以其他 ID 导入",
    },
  },
  item_not_available: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: { en: "The listing was sold or removed, or has expired.", zh: "商品已售出或已下架" },
    remedy: { en: "Choose another listing.", zh: "请选择其他商品" },
  },
  listing_not_started: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: { en: "The listing is not on sale yet.", zh: "商品尚未开售" },
    remedy: {
      en: "Wait until the `startsAt` of the answer, then buy with a new key.",
      zh: "请等到应答中的 startsAt 之后，再以新的幂等键购买",
    },
  },
  item_in_escrow: {
    status: 409,
    contractCode: "ITEM_IN_ESCROW",
    exitCode: 2,
    message: {
      en: "This is not allowed: the item is listed in the market.",
      zh: "道具正在市场出售中",
    },
    remedy: { en: "Cancel the listing first.", zh: "请先下架" },
  },
  item_not_exported: {
    status: 409,
    contractCode: "ITEM_NOT_EXPORTED",
    exitCode: 2,
    message: {
      en: "The return is not allowed: the item was not exported.",
      zh: "道具未导出，无法退回",
    },
    remedy: { en: "Return only items that were exported before.", zh: "只能退回已导出的道具" },
  },
  item_already_used: {
    status: 400,
    contractCode: "ITEM_ALREADY_USED",
    exitCode: 2,
    message: { en: "The item was used already.", zh: "道具已使用" },
    remedy: { en: "Choose another item.", zh: "请选择其他道具" },
  },
  already_transferred: {
    status: 409,
    contractCode: "ALREADY_TRANSFERRED",
    exitCode: 2,
    message: { en: "The same item transfer was done before.", zh: "道具已转移" },
    remedy: { en: "Read the inventory; nothing is left to do.", zh: "请读取库存；无需再次操作" },
  },
  own_listing: {
    status: 403,
    contractCode: "FORBIDDEN",
    exitCode: 2,
    message: { en: "Buying one's own listing is not allowed.", zh: "不能购买自己的商品" },
    remedy: { en: "Cancel the listing to take the item back.", zh: "如需取回道具请下架商品" },
  },
  import_limit: {
    status: 429,
    contractCode: "RATE_LIMITED",
    exitCode: 2,
    retryable: true,
    message: {
      en: "The import is not allowed: this user has reached the daily limit.",
      zh: "今日导入次数已达上限",
    },
    remedy: { en: "Import again tomorrow.", zh: "请明日再导入" },
  },
  listing_limit: {
    status: 409,
    contractCode: "LISTING_LIMIT",
    exitCode: 2,
    message: {
      en: "The listing is not allowed: the seller has too many active listings.",
      zh: "有效上架数量已达上限",
    },
    remedy: {
      en: "Cancel a listing first, or list a stack as one listing.",
      zh: "请先下架一件，或将一叠道具作为一个上架",
    },
  },
  gift_limit: {
    status: 409,
    contractCode: "GIFT_LIMIT",
    exitCode: 2,
    message: {
      en: "The gift is not allowed: the receiver would get too many.",
      zh: "赠送数量已达上限",
    },
    remedy: {
      en: "Wait until the receiver has accepted earlier gifts, or give it tomorrow.",
      zh: "请等待接收方接受已有赠品，或明日再赠送",
    },
  },
  gift_not_waiting: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: {
      en: "The item is not a gift that waits for an answer: it was answered, or is no gift of a user.",
      zh: "该道具不是待接受的赠品：已处理，或并非用户赠送",
    },
    remedy: {
      en: "List the waiting gifts with GET /api/v1/wallets/{userId}/items?waiting=true.",
      zh: "请用 GET /api/v1/wallets/{userId}/items?waiting=true 查看待接受的赠品",
    },
  },
  merge_undone: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: {
      en: "This merge was undone before; the item exists.",
      zh: "该合并此前已撤销，道具已恢复",
    },
    remedy: {
      en: "Use the item under its own id; nothing is left to do.",
      zh: "请使用该道具自己的 ID；无需再次操作",
    },
  },
  merge_moved_on: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: {
      en: "Undoing the merge is not allowed: the item that stayed has changed since.",
      zh: "合并后保留的道具已发生变化，无法直接撤销合并",
    },
    remedy: {
      en: "Operator: bring the item that stayed back (cancel its listing, return it), or grant the player another one.",
      zh: "运维人员：请先取回保留的道具（下架、退回），或另行发放一件",
    },
  },
  purchase_not_found: {
    status: 404,
    contractCode: "NOT_FOUND",
    exitCode: 2,
    message: { en: "Purchase not found.", zh: "未找到该购买" },
    remedy: {
      en: "Send the transferId of a purchase that you, your platform's users or its shop sold.",
      zh: "请发送由您、本平台用户或本平台商店售出的购买的 transferId",
    },
  },
  refund_window_passed: {
    status: 409,
    contractCode: "REFUND_WINDOW_PASSED",
    exitCode: 2,
    message: {
      en: "The refund is not allowed: the time of the platform's refund policy has passed.",
      zh: "已超过平台退款政策规定的期限",
    },
    remedy: {
      en: "Ask an operator of New Day, who refunds at any time.",
      zh: "请联系 New Day 运维人员，其退款不受期限限制",
    },
  },
  item_gone: {
    status: 409,
    contractCode: "ITEM_GONE",
    exitCode: 2,
    message: {
      en: "The refund is not allowed: the buyer no longer has the goods in hand.",
      zh: "买方已不再持有该道具，无法退回",
    },
    remedy: {
      en: 'Send "ifItemGone": "money_only" to give the money back without them, or a smaller quantity.',
      zh: '如仍要退款，请发送 "ifItemGone": "money_only"，或减少数量',
    },
  },
  stock_sold_out: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: {
      en: "The purchase is not allowed: fewer pieces are left than it asks for.",
      zh: "库存不足，无法购买",
    },
    remedy: {
      en: "Buy at most the `left` of the answer, or choose another offer.",
      zh: "请购买不超过应答中 left 的数量，或选择其他商品",
    },
  },
  stock_ended: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: { en: "The offer has ended.", zh: "商品已停止销售" },
    remedy: {
      en: "Choose another offer. Its platform makes a new one with POST /api/v1/stock.",
      zh: "请选择其他商品；其平台可用 POST /api/v1/stock 重新上架",
    },
  },
  stock_paused: {
    status: 409,
    contractCode: "ITEM_NOT_AVAILABLE",
    exitCode: 2,
    message: { en: "The offer is paused by its platform.", zh: "商品已被其平台暂停销售" },
    remedy: {
      en: "Read the offer again later, and buy with a new key once it is active.",
      zh: "请稍后重新查询，恢复销售后以新的幂等键购买",
    },
  },
  price_changed: {
    status: 409,
    contractCode: "INVALID_PRICE",
    exitCode: 2,
    message: {
      en: "The purchase is not allowed: the price differs from the one that the buyer saw.",
      zh: "价格与买方所见不同，未购买",
    },
    remedy: {
      en: "Show the `current` price of the answer to the buyer, and send that with a new key.",
      zh: "请向买方展示应答中的 current 价格，并以新的幂等键发送该价格",
    },
  },
  item_label_limit: {
    status: 409,
    contractCode: "ITEM_LABEL_LIMIT",
    exitCode: 2,
    message: {
      en: "Defining one more is not allowed: the platform has the most that it may.",
      zh: "平台定义的数量已达上限",
    },
    remedy: {
      en: "Define an existing one anew with PUT; retired ones count too.",
      zh: "请用 PUT 重新定义已有的一个；已停用的也计入数量",
    },
  },
  purchase_limit: {
    status: 409,
    contractCode: "PURCHASE_LIMIT",
    exitCode: 2,
    message: {
      en: "The purchase is not allowed: this user has bought as many as the listing allows.",
      zh: "已达到限购数量",
    },
    remedy: {
      en: "Buy fewer, wait until `passesAt` where the answer has it, or choose another listing.",
      zh: "请减少数量，等到 passesAt 所示时间（如有），或选择其他商品",
    },
  },
} as const satisfies ErrorRows;
