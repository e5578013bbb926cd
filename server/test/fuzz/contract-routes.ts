/** The older surfaces (docs/contract.md): their fields, and what their replies must hold. */
import fc from "fast-check";
import type { CallerName } from "./requests.ts";
import { known, type Schema } from "./values.ts";

export interface ContractRoute {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly caller: CallerName;
  readonly query?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  readonly body?: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  /** Of a 2xx. */
  readonly reply: Schema;
}

const text = fc.constantFrom("能量饮料", "blade", "potion 1", "测试道具", "é");
const user = known("user");
const item = known("items");
const listing = known("listings");
const itemType = fc.constantFrom("weapon", "armor", "consumable", "tool", "material");
const rarity = fc.constantFrom("common", "rare", "epic", "legendary");
const currency = fc.constantFrom(
  "gameCoins",
  "game_coins",
  "newDayGameCoins",
  "cash",
  "computingPower",
);
const quantity = fc.integer({ min: 1, max: 3 });
const amount = fc.integer({ min: 1, max: 20 });
const page = { page: fc.constantFrom("1", "2"), limit: fc.constantFrom("1", "5", "100") };
const sortBy = fc.constantFrom("listed_desc", "listed_asc", "price_asc", "price_desc");

const STRING: Schema = { type: "string" };
const NUMBER: Schema = { type: "number" };
const OBJECT: Schema = { type: "object" };
const ARRAY: Schema = { type: "array", items: OBJECT };

function holds(properties: Readonly<Record<string, Schema>>): Schema {
  const all = { success: { const: true }, ...properties };
  return { type: "object", required: Object.keys(all), properties: all };
}

const session = holds({
  token: STRING,
  userId: STRING,
  username: STRING,
  expiresAt: NUMBER,
  data: OBJECT,
});
const wallet: Schema = {
  type: "object",
  required: ["id", "userId", "gameCoins", "cashBalance", "computingPower", "createdAt"],
  properties: {
    id: STRING,
    userId: STRING,
    gameCoins: NUMBER,
    cashBalance: NUMBER,
    computingPower: NUMBER,
  },
};
const balance: Schema = {
  type: "object",
  required: [
    "cash",
    "cashBalance",
    "gameCoins",
    "newDayGameCoins",
    "newDayCoins",
    "computingPower",
    "aCoins",
  ],
  properties: { cash: NUMBER, gameCoins: NUMBER, computingPower: NUMBER },
};
const ownedItem: Schema = {
  type: "object",
  required: ["id", "name", "description", "type", "itemType", "rarity", "quantity", "obtainedAt"],
  properties: {
    id: STRING,
    name: STRING,
    description: STRING,
    quantity: NUMBER,
    obtainedAt: NUMBER,
  },
};
const ownedItems = holds({
  items: { type: "array", items: ownedItem },
  data: ARRAY,
  total: NUMBER,
});
const offer: Schema = {
  type: "object",
  required: [
    "id",
    "name",
    "description",
    "itemType",
    "rarity",
    "price",
    "currency",
    "sellerName",
    "status",
    "listedAt",
  ],
  properties: { id: STRING, name: STRING, description: STRING },
};
const offers = holds({
  items: { type: "array", items: offer },
  data: ARRAY,
  total: NUMBER,
  page: NUMBER,
  limit: NUMBER,
});
const listed = holds({ item: offer, data: OBJECT });
const bought = holds({
  transactionId: STRING,
  item: OBJECT,
  balance,
  price: NUMBER,
  commission: NUMBER,
  totalAmount: NUMBER,
  data: OBJECT,
});
const used = holds({ item: ownedItem, data: OBJECT });

const A = "/api/allinone";
const G = "/api/adventures";

export const CONTRACT_ROUTES: readonly ContractRoute[] = [
  {
    method: "POST",
    path: `${A}/auth/login`,
    caller: "none",
    body: {
      allinoneUserId: user,
      allinoneUsername: text,
      platform: fc.constantFrom("allinone", "newday", "direct"),
      token: known("token"),
    },
    reply: session,
  },
  {
    method: "POST",
    path: `${A}/auth/verify`,
    caller: "none",
    body: { token: known("token") },
    reply: holds({ valid: { const: true }, userId: STRING }),
  },
  {
    method: "POST",
    path: `${A}/auth/logout`,
    caller: "none",
    body: { token: known("token") },
    reply: holds({}),
  },
  { method: "GET", path: `${A}/auth/me`, caller: "user", reply: holds({ userId: STRING }) },
  {
    method: "GET",
    path: `${A}/wallet/balance`,
    caller: "user",
    reply: holds({ balance, data: balance, cash: NUMBER, gameCoins: NUMBER, userId: STRING }),
  },
  { method: "GET", path: `${A}/inventory`, caller: "user", query: page, reply: ownedItems },
  { method: "GET", path: `${A}/inventory/all`, caller: "user", query: page, reply: ownedItems },
  {
    method: "POST",
    path: `${A}/inventory/add`,
    caller: "user",
    body: {
      itemId: fc.uuid(),
      name: text,
      itemType,
      rarity,
      quantity,
      description: text,
      stats: fc.constantFrom({}, { attack: 3 }),
      icon: fc.constantFrom("gem", "⚔️"),
    },
    reply: holds({ item: ownedItem, data: OBJECT }),
  },
  {
    method: "GET",
    path: `${A}/inventory/sync-status`,
    caller: "user",
    query: { itemId: item },
    reply: holds({ synced: { type: "boolean" } }),
  },
  {
    method: "POST",
    path: `${A}/inventory/sync`,
    caller: "user",
    body: { userId: user, item: fc.record({ id: item, name: text }) },
    reply: holds({ syncId: STRING }),
  },
  {
    method: "GET",
    path: `${A}/market/items`,
    caller: "none",
    query: { ...page, sortBy, platform: fc.constantFrom("allinone", "newday"), itemType },
    reply: offers,
  },
  {
    method: "GET",
    path: `${A}/market/list`,
    caller: "none",
    query: { ...page, sortBy, itemType },
    reply: offers,
  },
  {
    method: "POST",
    path: `${A}/market/list`,
    caller: "user",
    body: {
      name: text,
      description: text,
      platform: fc.constant("allinone"),
      itemType,
      price: fc.constantFrom({ gameCoins: 2 }, { cash: 1, gameCoins: 1 }),
      itemId: item,
      quantity,
    },
    reply: listed,
  },
  {
    method: "POST",
    path: `${A}/market/cancel`,
    caller: "user",
    body: { listingId: listing },
    reply: listed,
  },
  {
    method: "POST",
    path: `${A}/market/purchase`,
    caller: "user",
    body: { itemId: listing, currencyType: currency, quantity },
    reply: bought,
  },
  {
    method: "POST",
    path: `${A}/market/transfer`,
    caller: "user",
    body: { itemId: item, targetPlatform: fc.constantFrom("allinone", "newday"), quantity },
    reply: holds({ transferId: STRING, item: OBJECT, data: OBJECT }),
  },
  {
    method: "POST",
    path: `${A}/market/transfer`,
    caller: "user",
    body: { itemId: item, targetUserId: user, quantity },
    reply: holds({ transferId: STRING, item: OBJECT, data: OBJECT }),
  },
  {
    method: "GET",
    path: "/api/shared/wallet/{userId}",
    caller: "none",
    query: { userId: user },
    reply: holds({ wallet, data: wallet, isNewWallet: { type: "boolean" } }),
  },
  {
    method: "GET",
    path: "/api/shared/marketplace",
    caller: "none",
    query: { ...page, sortBy, gameSource: fc.constantFrom("New Day", "AllinONE", "newday") },
    reply: offers,
  },
  {
    method: "POST",
    path: "/api/shared/marketplace",
    caller: "user",
    body: {
      name: text,
      description: text,
      category: itemType,
      rarity,
      price: amount,
      currency,
      gameSource: fc.constant("New Day"),
      itemId: item,
    },
    reply: listed,
  },
  {
    method: "POST",
    path: "/api/shared/marketplace/{id}/purchase",
    caller: "user",
    query: { id: listing },
    body: { quantity },
    reply: bought,
  },
  {
    method: "POST",
    path: "/api/wallet/init",
    caller: "service",
    body: { userId: user },
    reply: holds({ wallet: OBJECT, isNewWallet: { type: "boolean" } }),
  },
  {
    method: "POST",
    path: "/api/wallet/reward",
    caller: "service",
    body: { userId: user, amount, currency },
    reply: holds({ balance, transactionId: STRING }),
  },
  {
    method: "POST",
    path: "/api/wallet/reward",
    caller: "service",
    body: {
      userId: user,
      gameCoins: amount,
      computingPower: amount,
      diamonds: fc.constant(0),
      reason: text,
      gameId: text,
    },
    reply: holds({ balance, transactionId: STRING }),
  },
  {
    method: "POST",
    path: "/api/wallet/deduct",
    caller: "service",
    body: { userId: user, amount, currency },
    reply: holds({ balance, transactionId: STRING }),
  },
  {
    method: "GET",
    path: `${G}/items`,
    caller: "service",
    query: { playerId: user },
    reply: ownedItems,
  },
  {
    method: "GET",
    path: `${G}/{id}/items`,
    caller: "service",
    query: { id: user },
    reply: holds({ items: ARRAY, data: ARRAY, total: NUMBER }),
  },
  {
    method: "POST",
    path: `${G}/{id}/items/{itemId}/purchase`,
    caller: "service",
    query: { id: user, itemId: item },
    body: {},
    reply: holds({ transactionId: STRING }),
  },
  {
    method: "POST",
    path: `${G}/items/use`,
    caller: "service",
    body: { playerId: user, itemId: item },
    reply: used,
  },
  {
    method: "POST",
    path: `${G}/items/use-skip`,
    caller: "service",
    body: { playerId: user },
    reply: used,
  },
  {
    method: "POST",
    path: `${G}/items/use-skip-game`,
    caller: "service",
    body: { playerId: user },
    reply: used,
  },
  { method: "POST", path: `${G}/revive`, caller: "service", body: { playerId: user }, reply: used },
];
