/** A user's items, listings and purchases. */
import {
  renamed,
  dropped,
  removed,
  hiddenRenamed,
  words,
  type PersonalTable,
} from "./personal-column.ts";

export const THING_TABLES: readonly PersonalTable[] = [
  {
    name: "newday.items",
    rowsOf: "owner_id = $1 or gift_from = $1",
    key: ["id"],
    columns: {
      owner_id: renamed("who owns the item", "道具所有者"),
      gift_from: renamed("who gave it and may get it back", "赠送者"),
      external_id: dropped("id of the item at its source", "来源处的道具 ID"),
      allinone_item_id: dropped("id of the item at AllinONE", "AllinONE 的道具 ID"),
    },
    facts: words(
      "id definition_id state quantity version obtained_from source listing_id obtained_at locked",
    ),
    internal: [],
  },
  {
    name: "newday.item_history",
    rowsOf: "owner_id = $1",
    key: ["item_id", "version"],
    columns: { owner_id: renamed("who owned the item then", "当时的所有者") },
    facts: words(
      "item_id version transfer_id action state quantity quantity_change issued recorded_at",
    ),
    internal: [],
  },
  {
    name: "newday.item_imports",
    rowsOf: "owner_id = $1",
    key: ["owner_id", "source", "external_id"],
    columns: {
      owner_id: removed("who imported", "导入者"),
      external_id: removed("id of the item at its source", "来源处的道具 ID"),
      address: removed("address of the item at its source", "来源处的道具地址"),
    },
    facts: words("source item_id imported_at"),
    internal: [],
  },
  {
    name: "newday.item_receipts",
    rowsOf: "newday.is_receipt_of(request, $1)",
    key: ["request", "sequence"],
    columns: {
      request: hiddenRenamed("who moved which item, where to", "移动道具的用户、道具与去向"),
    },
    facts: words("sequence transfer_id item_id quantity created_at"),
    internal: [],
    isShownElsewhere: true,
  },
  {
    name: "newday.item_merges",
    rowsOf: "legacy_row->>'user_id' = $1",
    key: ["merged_id"],
    columns: { legacy_row: renamed("the legacy row, with its owner", "旧库记录及其所有者") },
    facts: words("merged_id item_id reason merged_at unmerged_transfer_id"),
    internal: [],
  },
  {
    name: "newday.listings",
    rowsOf: "seller_id = $1",
    key: ["id"],
    columns: {
      seller_id: renamed("who sells", "卖家"),
      seller_name: renamed("name of the seller as buyers saw it", "买家所见的卖家名称"),
    },
    facts: words(
      "id kind sale_type platform definition_id item_id prices currency amount remaining status per_user_limit per_day_limit views listed_at expires_at starts_at",
    ),
    internal: words("pin revision"),
  },
  {
    name: "newday.purchases",
    rowsOf: "buyer_id = $1 or seller_id = $1",
    key: ["id"],
    columns: {
      buyer_id: renamed("who bought", "买家"),
      seller_id: renamed("who sold", "卖家"),
    },
    facts: words(
      "id transfer_id listing_id item_id currency quantity price commission total_amount seller_receives sale_type created_at locked",
    ),
    internal: [],
  },
];
