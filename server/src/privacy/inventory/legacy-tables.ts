/** Tables of the game and of the legacy server. A database may lack some, and have columns of its own. */
import {
  dropped,
  renamed,
  words,
  type PersonalColumn,
  type PersonalTable,
} from "./personal-column.ts";

export const LEGACY_TABLES: readonly PersonalTable[] = [
  {
    name: "public.players",
    rowsOf: "id = $1",
    key: ["id"],
    columns: {
      id: renamed("id of the player", "玩家 ID"),
      nickname: renamed("name in the game", "游戏内名称"),
      preferences: dropped("settings of the player", "玩家设置"),
      total_adventures: dropped("what the player has played", "玩家的游戏记录"),
      memory_fragments_collected: dropped("what the player has collected", "玩家的收集记录"),
    },
    facts: words("created_at updated_at"),
    internal: [],
  },
  owned(
    "public.adventure_items",
    ["player_id"],
    "adventure_id item_name item_description item_icon price effects is_purchased is_used created_at",
  ),
  owned("public.daily_adventures", ["player_id"], "title created_at"),
  owned(
    "public.market_items",
    ["seller_id"],
    "name description category rarity price currency game_source status listed_at views",
    { seller_name: renamed("name of the seller as buyers saw it", "买家所见的卖家名称") },
  ),
  owned(
    "public.transactions",
    ["buyer_id", "seller_id"],
    "item_id price commission total_amount seller_receives currency transaction_type created_at",
  ),
  owned(
    "public.user_inventories",
    ["user_id"],
    "item_id item_name item_description item_icon quantity obtained_from obtained_at item_type item_rarity",
  ),
  owned(
    "newday_legacy.wallets",
    ["user_id"],
    "game_coins cash_balance computing_power created_at updated_at",
  ),
];

/** A table whose rows stay, with another owner. */
function owned(
  name: string,
  owners: readonly string[],
  facts: string,
  names: Readonly<Record<string, PersonalColumn>> = {},
): PersonalTable {
  const ownerColumns = owners.map((owner) => [owner, renamed("id of the user", "用户 ID")]);
  return {
    name,
    rowsOf: owners.map((owner) => `${owner} = $1`).join(" or "),
    key: ["id"],
    columns: { ...Object.fromEntries(ownerColumns), ...names },
    facts: ["id", ...words(facts)],
    internal: [],
  };
}
