import type { RepairDefinition } from "./definition.ts";
import { WALLET_KEY, WALLET_SMOKE, WALLET_TEXTS } from "./wallets.ts";

/**
 * Every key that keeps a user without a player row from buying, selling, importing or receiving.
 *
 * The published repair left `user_inventories.user_id` and `adventure_items.player_id` in place, so
 * that an external user's item still failed after it. History (`transactions`) and inventories also
 * lose their keys to `market_items`: a listing may vanish, its purchases stay.
 */
export const ALL_USER_PATHS_REPAIR: RepairDefinition = {
  id: "all-user-paths",
  version: 1,
  title: ["Open every path of a user without a player row", "打通无玩家记录用户的所有路径"],
  anchorTable: "wallets",
  parentTable: "players",
  keys: [
    WALLET_KEY,
    {
      table: "market_items",
      column: "seller_id",
      references: "players",
      blocks: ["list an item for sale", "上架道具"],
    },
    {
      table: "transactions",
      column: "buyer_id",
      references: "players",
      blocks: ["buy", "购买"],
    },
    {
      table: "transactions",
      column: "seller_id",
      references: "players",
      blocks: ["sell", "出售"],
    },
    {
      table: "transactions",
      column: "item_id",
      references: "market_items",
      blocks: ["buy an item that has no listing here", "购买本库没有挂单的道具"],
    },
    {
      table: "user_inventories",
      column: "user_id",
      references: "players",
      blocks: ["receive or import an item", "接收或导入道具"],
    },
    {
      table: "user_inventories",
      column: "item_id",
      references: "market_items",
      blocks: ["own an item that was never listed here", "拥有从未在本库上架的道具"],
    },
    {
      table: "adventure_items",
      column: "player_id",
      references: "players",
      blocks: ["receive a bought item in the adventure bag", "在冒险背包中收到购买的道具"],
    },
  ],
  rows: [
    {
      table: "players",
      key: "id",
      values: { id: "system", nickname: "System", total_adventures: 0 },
      why: [
        "purchases from the game itself name `system` as their seller",
        "游戏官方商店的购买以 `system` 作为卖家",
      ],
    },
  ],
  partner: WALLET_TEXTS,
  smoke: WALLET_SMOKE,
};
