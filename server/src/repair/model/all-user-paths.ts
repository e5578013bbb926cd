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
  title: {
    en: "Open every path of a user without a player row",
    zh: "打通无玩家记录用户的所有路径",
  },
  anchorTable: "wallets",
  parentTable: "players",
  keys: [
    WALLET_KEY,
    {
      table: "market_items",
      column: "seller_id",
      references: "players",
      blocks: { en: "list an item for sale", zh: "上架道具" },
    },
    {
      table: "transactions",
      column: "buyer_id",
      references: "players",
      blocks: { en: "buy", zh: "购买" },
    },
    {
      table: "transactions",
      column: "seller_id",
      references: "players",
      blocks: { en: "sell", zh: "出售" },
    },
    {
      table: "transactions",
      column: "item_id",
      references: "market_items",
      blocks: { en: "buy an item that has no listing here", zh: "购买本库没有挂单的道具" },
    },
    {
      table: "user_inventories",
      column: "user_id",
      references: "players",
      blocks: { en: "receive or import an item", zh: "接收或导入道具" },
    },
    {
      table: "user_inventories",
      column: "item_id",
      references: "market_items",
      blocks: { en: "own an item that was never listed here", zh: "拥有从未在本库上架的道具" },
    },
    {
      table: "adventure_items",
      column: "player_id",
      references: "players",
      blocks: {
        en: "receive a bought item in the adventure bag",
        zh: "在冒险背包中收到购买的道具",
      },
    },
  ],
  rows: [
    {
      table: "players",
      key: "id",
      values: { id: "system", nickname: "System", total_adventures: 0 },
      why: {
        en: "purchases from the game itself name `system` as their seller",
        zh: "游戏官方商店的购买以 `system` 作为卖家",
      },
    },
  ],
  partner: WALLET_TEXTS,
  smoke: WALLET_SMOKE,
};
