/** The worst legal request of each route of the older surfaces, and its budget. */
import type { Costs } from "../../support/costs.ts";
import { LARGEST, POOR, RECEIVER, RICH, type Asks } from "./worst-world.ts";

const READ: Costs = {
  statements: 6,
  rows: 20,
  hashes: 3,
  hashedBytes: 500,
  bytes: 8_000,
  entries: 20,
};
const POST: Costs = { ...READ, statements: 20, hashes: 8, hashedBytes: 8_000, bytes: 20_000 };
const MARKET_PAGE: Costs = { ...READ, rows: 110, bytes: 200_000, entries: 100 };
/** 64 gifts of the largest facts; what users own themselves has no hidden limit (docs/incidents.md D1). */
const INVENTORY: Costs = { ...READ, rows: 80, bytes: 1_000_000, entries: 70 };

const A = "/api/allinone";
const G = "/api/adventures";
const SHARED = "/api/shared/marketplace";

const OFFER = { name: LARGEST.name, itemType: "weapon", price: { gameCoins: 1 } };

export const contractAsks: Asks = {
  [`POST ${A}/auth/login`]: () => ({
    url: `${A}/auth/login`,
    body: { allinoneUserId: `u${"u".repeat(120)}`, allinoneUsername: "字".repeat(30) },
    as: null,
    budget: { ...POST, statements: 40 },
  }),
  [`POST ${A}/auth/verify`]: ({ as }) => ({
    url: `${A}/auth/verify`,
    body: { token: as.rich },
    as: null,
    budget: READ,
  }),
  [`GET ${A}/auth/me`]: () => ({ url: `${A}/auth/me`, as: "rich", budget: READ }),
  [`GET ${A}/wallet/balance`]: () => ({ url: `${A}/wallet/balance`, as: "rich", budget: READ }),
  [`GET ${A}/inventory`]: () => ({ url: `${A}/inventory`, as: "receiver", budget: INVENTORY }),
  [`GET ${A}/inventory/all`]: () => ({
    url: `${A}/inventory/all`,
    as: "receiver",
    budget: INVENTORY,
  }),
  [`POST ${A}/inventory/add`]: () => ({
    url: `${A}/inventory/add`,
    body: {
      ...LARGEST,
      itemId: `nd_${"i".repeat(250)}`,
      itemType: "weapon",
      rarity: "legendary",
      quantity: 1_000,
    },
    as: "rich",
    budget: POST,
  }),
  [`GET ${A}/inventory/sync-status`]: () => ({
    url: `${A}/inventory/sync-status?itemId=nd_${"i".repeat(250)}`,
    as: "rich",
    budget: READ,
  }),
  [`POST ${A}/inventory/sync`]: ({ oldItem }) => ({
    url: `${A}/inventory/sync`,
    body: { userId: RICH, item: { id: oldItem, ...LARGEST } },
    as: "rich",
    budget: POST,
  }),
  [`GET ${A}/market/items`]: () => ({
    url: `${A}/market/items?limit=100`,
    as: null,
    budget: MARKET_PAGE,
  }),
  [`GET ${A}/market/list`]: () => ({
    url: `${A}/market/list?limit=100&sortBy=price_asc`,
    as: null,
    budget: MARKET_PAGE,
  }),
  [`POST ${A}/market/list`]: async ({ stack }) => ({
    url: `${A}/market/list`,
    body: { ...OFFER, itemId: await stack() },
    as: "rich",
    budget: POST,
  }),
  [`POST ${A}/market/cancel`]: async (world) => ({
    url: `${A}/market/cancel`,
    body: { listingId: await listingOf(world, RICH) },
    as: "rich",
    budget: POST,
  }),
  [`POST ${A}/market/purchase`]: async (world) => ({
    url: `${A}/market/purchase`,
    body: { itemId: await listingOf(world, POOR), currencyType: "gameCoins", quantity: 1 },
    as: "rich",
    budget: POST,
  }),
  [`POST ${A}/market/transfer`]: async ({ stack }) => ({
    url: `${A}/market/transfer`,
    body: { itemId: await stack(), targetUserId: POOR, quantity: 1 },
    as: "rich",
    budget: POST,
  }),
  "GET /api/shared/wallet/{userId}": () => ({
    url: `/api/shared/wallet/w${"w".repeat(120)}`,
    as: null,
    budget: { ...READ, statements: 20 },
  }),
  [`GET ${SHARED}`]: () => ({ url: `${SHARED}?limit=100`, as: null, budget: MARKET_PAGE }),
  [`POST ${SHARED}`]: async ({ stack }) => ({
    url: SHARED,
    body: {
      name: LARGEST.name,
      description: LARGEST.description,
      category: "weapon",
      rarity: "common",
      price: 5,
      currency: "gameCoins",
      gameSource: "New Day",
      itemId: await stack(),
    },
    as: "rich",
    budget: POST,
  }),
  [`POST ${SHARED}/{id}/purchase`]: async (world) => ({
    url: `${SHARED}/${await listingOf(world, POOR)}/purchase`,
    body: { quantity: 1 },
    as: "rich",
    budget: POST,
  }),
  "POST /api/wallet/init": () => ({
    url: "/api/wallet/init",
    body: { userId: `i${"i".repeat(120)}` },
    as: "service",
    budget: { ...POST, statements: 24 },
  }),
  "POST /api/wallet/reward": () => ({
    url: "/api/wallet/reward",
    body: {
      userId: RICH,
      gameCoins: 5,
      computingPower: 3,
      diamonds: 0,
      reason: "字".repeat(100),
      gameId: "g",
    },
    as: "service",
    budget: POST,
  }),
  "POST /api/wallet/deduct": () => ({
    url: "/api/wallet/deduct",
    body: { userId: RICH, gameCoins: 5, computingPower: 3 },
    as: "service",
    budget: POST,
  }),
  [`GET ${G}/items`]: () => ({
    url: `${G}/items?playerId=${RECEIVER}`,
    as: "service",
    budget: INVENTORY,
  }),
  [`GET ${G}/{id}/items`]: () => ({ url: `${G}/${RICH}/items`, as: "service", budget: READ }),
  [`POST ${G}/{id}/items/{itemId}/purchase`]: async ({ database }) => {
    await database.db.transaction(async (tx) => {
      await tx.query("set local session_replication_role = replica"); // as before adoption
      await tx.query(
        `insert into public.adventure_items (id, player_id, item_name, price) values ('b', $1, 'lamp', 1)`,
        [RICH],
      );
      await tx.query(
        `insert into newday.items (id, owner_id, definition_id, state, quantity, version, obtained_at)
          select 'adv-b', $1, min(definition_id::text)::uuid, 'offered', 1, 1, now() from newday.items`,
        [RICH],
      );
      await tx.query(
        `insert into newday.item_history
            (item_id, version, action, owner_id, state, quantity, quantity_change, issued)
          values ('adv-b', 1, 'adopt', $1, 'offered', 1, 1, 1)`,
        [RICH],
      );
    });
    return { url: `${G}/b/items/b/purchase`, body: {}, as: "service", budget: POST };
  },
  [`POST ${G}/items/use`]: async ({ stack }) => ({
    url: `${G}/items/use`,
    body: { playerId: RICH, itemId: await stack() },
    as: "service",
    budget: POST,
  }),
  [`POST ${G}/items/use-skip`]: async (world) => named(world, "任务跳过卡", "items/use-skip"),
  [`POST ${G}/items/use-skip-game`]: () => ({
    url: `${G}/items/use-skip-game`,
    body: { playerId: RICH },
    as: "service",
    budget: { ...POST, statements: 30 },
  }),
  [`POST ${G}/revive`]: async (world) => named(world, "生命药水", "revive"),
  [`POST ${A}/auth/logout`]: ({ as }) => ({
    url: `${A}/auth/logout`,
    body: { token: as.rich },
    as: null,
    budget: READ,
  }),
};

type World = Parameters<Asks[string]>[0];

async function listingOf({ stack, prepare }: World, userId: string): Promise<string> {
  const itemId = await stack(userId, 1);
  return (await prepare("/listings", { itemId, prices: { game_coins: "1" } }))["id"] ?? "";
}

async function named({ prepare }: World, name: string, path: string) {
  await prepare("/items/grants", { userId: RICH, name, type: "consumable" });
  return { url: `${G}/${path}`, body: { playerId: RICH }, as: "service", budget: POST } as const;
}
