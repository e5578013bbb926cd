/**
 * The official stock of New Day's stores (docs/contract.md 11).
 *
 * The game's own stock is unlimited and comes first, 放大镜 before all. A new user's first purchase
 * must succeed (docs/contract.md 5.1). It sells at the market's 1 %, as the live server sold it: 25
 * coins cost 25. AllinONE's New Day shop pays 15 %, has limits, and prices in cash cents.
 */
import type { Queryable } from "../../db/database.ts";
import { ensureDefinition } from "../../items/items/definitions.ts";
import type { ItemFacts } from "../../items/items/item-queries.ts";
import { ICONS } from "../../items/items/item-vocabulary.ts";
import { insertOfficialListing } from "./catalogue-queries.ts";
import type { SaleType } from "../prices/commission.ts";
import { firstPrice, type Prices } from "../prices/prices.ts";

export const OFFICIAL_SELLER = "New Day Game";

interface CatalogueEntry extends Pick<ItemFacts, "name" | "description" | "itemType" | "rarity"> {
  readonly id: string;
  readonly saleType: SaleType;
  readonly prices: Prices;
  readonly stats?: Readonly<Record<string, number>>;
  readonly stock?: bigint;
  readonly perDay?: bigint;
  readonly perUser?: bigint;
}

const GAME_STOCK: readonly CatalogueEntry[] = [
  {
    id: "nd_market_magnifier",
    name: "放大镜",
    description: "精密的放大镜，帮助你观察文物的细节",
    itemType: "consumable",
    rarity: "common",
    saleType: "player_market",
    prices: { game_coins: 25n },
  },
  {
    id: "nd_market_repair_tool",
    name: "修复工具",
    description: "修复破损的文物",
    itemType: "consumable",
    rarity: "rare",
    saleType: "player_market",
    prices: { game_coins: 45n },
  },
  {
    id: "nd_market_task_skip_card",
    name: "任务跳过卡",
    description: "跳过一个任务",
    itemType: "consumable",
    rarity: "common",
    saleType: "player_market",
    prices: { game_coins: 50n },
  },
];

const SHOP_STOCK: readonly CatalogueEntry[] = [
  {
    id: "nd_store_consumable_001",
    name: "生命药水（大）",
    description: "恢复大量生命",
    itemType: "consumable",
    rarity: "common",
    saleType: "official_store",
    prices: { game_coins: 100n },
    perDay: 20n,
  },
  {
    id: "nd_store_weapon_001",
    name: "黎明之剑",
    description: "黎明时分铸成的剑",
    itemType: "weapon",
    rarity: "legendary",
    saleType: "official_store",
    prices: { game_coins: 20_000n, cash: 1_999n, computing_power: 5_000n },
    stats: { attack: 150, defense: 20, speed: 10 },
    stock: 50n,
    perDay: 2n,
  },
  {
    id: "nd_store_armor_001",
    name: "龙鳞护甲",
    description: "龙鳞编成的护甲",
    itemType: "armor",
    rarity: "epic",
    saleType: "official_store",
    prices: { game_coins: 15_000n, cash: 1_499n, computing_power: 3_000n },
    stats: { attack: 10, defense: 120, health: 50 },
    stock: 100n,
    perDay: 3n,
  },
  {
    id: "nd_store_material_001",
    name: "龙晶石",
    description: "锻造用的稀有晶石",
    itemType: "material",
    rarity: "rare",
    saleType: "official_store",
    prices: { game_coins: 5_000n, computing_power: 1_000n },
    stock: 200n,
    perDay: 10n,
  },
  {
    id: "nd_store_pet_001",
    name: "迷你龙宠物",
    description: "一只忠诚的小龙",
    itemType: "pet",
    rarity: "epic",
    saleType: "official_store",
    prices: { game_coins: 10_000n, cash: 999n },
    stats: { attack: 50, defense: 30, speed: 20 },
    stock: 100n,
    perDay: 1n,
  },
  {
    id: "nd_store_special_001",
    name: "New Day 新手礼包",
    description: "给新玩家的礼包，每人限购一份",
    itemType: "special",
    rarity: "epic",
    saleType: "official_store",
    prices: { game_coins: 5_000n, cash: 499n },
    stock: 500n,
    perUser: 1n,
  },
];

/**
 * Lists missing official stock. Stock of the same name from a legacy database stays and keeps its
 * id; safe to call at every start and from several processes.
 */
export async function ensureCatalogue(db: Queryable): Promise<void> {
  for (const [index, entry] of [...GAME_STOCK, ...SHOP_STOCK].entries()) {
    const { name, description, itemType, rarity, stats } = entry;
    const icon = ICONS[itemType];
    const facts = { name, description, itemType, rarity, stats: stats ?? null, icon };
    const definitionId = await ensureDefinition(db, { ...facts, imageUrl: null });
    await insertOfficialListing(db, {
      id: entry.id,
      name,
      saleType: entry.saleType,
      sellerName: OFFICIAL_SELLER,
      definitionId,
      prices: entry.prices,
      ...firstPrice(entry.prices),
      remaining: entry.stock ?? null,
      perUserLimit: entry.perUser ?? null,
      perDayLimit: entry.perDay ?? null,
      pin: index + 1,
    });
  }
}
