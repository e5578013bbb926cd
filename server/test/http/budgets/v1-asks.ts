/** The worst legal request of each operation of the OpenAPI document, and its budget. */
import type { Costs } from "../../support/costs.ts";
import {
  LARGEST_ITEM,
  LEGS,
  METADATA,
  PAY,
  POOR,
  RECEIVER,
  RICH,
  type Asks,
} from "./worst-world.ts";

const READ: Costs = {
  statements: 6,
  rows: 20,
  hashes: 2,
  hashedBytes: 500,
  bytes: 8_000,
  entries: 20,
};
/** Metadata of 30 KB is hashed once, and answered once. */
const POST: Costs = {
  statements: 24,
  rows: 20,
  hashes: 5,
  hashedBytes: 40_000,
  bytes: 40_000,
  entries: 20,
};
const PAGE: Costs = { ...READ, rows: 210, bytes: 200_000, entries: 200, hashes: 3 };
const BULK: Costs = {
  statements: 60,
  rows: 200,
  hashes: 3_100,
  hashedBytes: 1_500_000,
  bytes: 1_500_000,
  entries: 1_000,
};

const V1 = "/api/v1";
const WALLET = `${V1}/wallets/{userId}`;
const ACCOUNT = `${WALLET}/accounts/{currency}`;
const rich = `${V1}/wallets/${RICH}`;
const richCoins = `${rich}/accounts/game_coins`;
const metadata = METADATA;

const BULK_METADATA = Object.fromEntries(
  Array.from({ length: 12 }, (_, n) => [`member-${n}`, "v".repeat(40)]),
);

const REFERENCE = { reference: "字".repeat(255), metadata };

export const v1Asks: Asks = {
  [`GET ${V1}/currencies`]: () => ({ url: `${V1}/currencies`, as: "key", budget: READ }),
  [`PUT ${WALLET}`]: () => ({
    url: `${V1}/wallets/new-${"n".repeat(120)}`,
    body: { displayName: "字".repeat(30) },
    as: "key",
    budget: { ...POST, statements: 30 },
  }),
  [`GET ${WALLET}`]: () => ({ url: rich, as: "key", budget: READ }),
  [`GET ${ACCOUNT}`]: () => ({ url: richCoins, as: "key", budget: READ }),
  [`GET ${ACCOUNT}/balance`]: () => ({
    url: `${richCoins}/balance?at=${new Date().toISOString()}`,
    as: "key",
    budget: { ...READ, statements: 12, rows: 50 },
  }),
  [`GET ${ACCOUNT}/statement`]: () => ({
    url: `${richCoins}/statement?limit=200&from=2026-01-01T00:00:00Z`,
    as: "key",
    budget: { ...PAGE, statements: 12, rows: 250 },
  }),
  [`GET ${ACCOUNT}/statement/export`]: () => ({
    url: `${richCoins}/statement/export?format=csv`,
    as: "key",
    budget: { ...PAGE, statements: 150, rows: 600 },
  }),
  [`POST ${V1}/transfers`]: () => ({
    url: `${V1}/transfers`,
    body: { ...PAY, ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/transfers/up-to`]: () => ({
    url: `${V1}/transfers/up-to`,
    body: { from: RICH, to: POOR, currency: "game_coins", maximum: "5", ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/transfers/legs`]: () => ({
    url: `${V1}/transfers/legs`,
    body: { legs: LEGS, ...REFERENCE },
    as: "key",
    budget: { ...POST, rows: 300, bytes: 100_000, hashedBytes: 60_000, entries: 200 },
  }),
  [`POST ${V1}/transfers/bulk`]: () => ({
    url: `${V1}/transfers/bulk`,
    body: {
      mode: "independent",
      transfers: Array.from({ length: 1_000 }, () => ({ ...PAY, metadata: BULK_METADATA })),
    },
    as: "key",
    budget: BULK,
  }),
  [`GET ${V1}/transfers/{id}`]: ({ wideTransfer }) => ({
    url: `${V1}/transfers/${wideTransfer}`,
    as: "key",
    budget: { ...READ, rows: 350, bytes: 100_000, entries: 200 },
  }),
  [`POST ${V1}/transfers/{id}/refunds`]: async ({ prepare }) => ({
    url: `${V1}/transfers/${(await prepare("/transfers", { ...PAY, amount: "9" }))["id"]}/refunds`,
    body: REFERENCE,
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/mints`]: () => ({
    url: `${V1}/mints`,
    body: { userId: RICH, currency: "allinone_coins", amount: "500", ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/burns`]: () => ({
    url: `${V1}/burns`,
    body: { userId: RICH, currency: "allinone_coins", amount: "5", ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/adjustments`]: () => ({
    url: `${V1}/adjustments`,
    body: {
      userId: RICH,
      currency: "game_coins",
      amount: "25",
      reason: "字".repeat(200),
      ...REFERENCE,
    },
    as: "operator",
    budget: POST,
  }),
  [`POST ${V1}/holds`]: () => ({
    url: `${V1}/holds`,
    body: { ...PAY, ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`GET ${V1}/holds/{id}`]: async ({ prepare }) => ({
    url: `${V1}/holds/${(await prepare("/holds", PAY))["id"]}`,
    as: "key",
    budget: READ,
  }),
  [`GET ${WALLET}/holds`]: () => ({ url: `${rich}/holds?limit=200`, as: "key", budget: PAGE }),
  [`POST ${V1}/holds/{id}/captures`]: async ({ prepare }) => ({
    url: `${V1}/holds/${(await prepare("/holds", PAY))["id"]}/captures`,
    body: REFERENCE,
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/holds/{id}/void`]: async ({ prepare }) => ({
    url: `${V1}/holds/${(await prepare("/holds", PAY))["id"]}/void`,
    body: REFERENCE,
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/quotes`]: () => ({
    url: `${V1}/quotes`,
    body: { from: "game_coins", to: "allinone_coins", amount: "100" },
    as: "key",
    budget: READ,
  }),
  [`POST ${V1}/exchanges`]: () => ({
    url: `${V1}/exchanges`,
    body: { userId: RICH, from: "game_coins", to: "allinone_coins", amount: "100", ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`GET ${WALLET}/items`]: () => ({ url: `${rich}/items?limit=200`, as: "key", budget: PAGE }),
  [`GET ${V1}/items/{id}`]: async ({ stack }) => ({
    url: `${V1}/items/${await stack()}`,
    as: "key",
    budget: READ,
  }),
  [`GET ${V1}/items/{id}/history`]: ({ oldItem }) => ({
    url: `${V1}/items/${oldItem}/history?limit=200`,
    as: "key",
    budget: PAGE,
  }),
  [`POST ${V1}/items/grants`]: () => ({
    url: `${V1}/items/grants`,
    body: { userId: RICH, ...LARGEST_ITEM, ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/items/grants/bulk`]: () => ({
    url: `${V1}/items/grants/bulk`,
    body: {
      mode: "atomic",
      grants: Array.from({ length: 1_000 }, (_, n) => ({
        userId: RICH,
        name: `grant ${n}`,
        description: "d".repeat(500),
        type: "weapon",
      })),
    },
    as: "key",
    // Each grant has facts of its own, which are a statement and a hash.
    budget: { ...BULK, statements: 1_100, hashes: 4_500 },
  }),
  [`POST ${V1}/items/{id}/gifts`]: async ({ stack }) => ({
    url: `${V1}/items/${await stack()}/gifts`,
    body: { to: POOR, quantity: 1, ...REFERENCE },
    as: "rich",
    budget: POST,
  }),
  [`POST ${V1}/items/{id}/exports`]: async ({ stack }) => ({
    url: `${V1}/items/${await stack()}/exports`,
    body: { platform: "allinone", quantity: 1, ...REFERENCE },
    as: "rich",
    budget: POST,
  }),
  [`POST ${V1}/items/{id}/returns`]: async ({ stack, prepare }) => {
    const id = await stack();
    await prepare(`/items/${id}/exports`, { platform: "allinone" });
    return { url: `${V1}/items/${id}/returns`, body: REFERENCE, as: "rich", budget: POST };
  },
  [`POST ${V1}/items/{id}/accept`]: async (world) => answerTo(await waitingGift(world), "accept"),
  [`POST ${V1}/items/{id}/decline`]: async (world) => answerTo(await waitingGift(world), "decline"),
  [`GET ${V1}/catalogue`]: () => ({ url: `${V1}/catalogue?limit=200`, as: "key", budget: PAGE }),
  [`GET ${V1}/listings`]: () => ({
    url: `${V1}/listings?limit=200&q=n&currency=game_coins&sort=price_asc`,
    as: "key",
    budget: PAGE,
  }),
  [`POST ${V1}/listings`]: async ({ stack }) => ({
    url: `${V1}/listings`,
    body: { itemId: await stack(), prices: PRICES, ...REFERENCE },
    as: "rich",
    budget: POST,
  }),
  [`GET ${V1}/listings/{id}`]: async ({ stack, prepare }) => ({
    url: `${V1}/listings/${(await prepare("/listings", { itemId: await stack(), prices: PRICES }))["id"]}`,
    as: "key",
    budget: READ,
  }),
  [`POST ${V1}/listings/{id}/cancel`]: async ({ stack, prepare }) => ({
    url: `${V1}/listings/${(await prepare("/listings", { itemId: await stack(), prices: PRICES }))["id"]}/cancel`,
    body: REFERENCE,
    as: "rich",
    budget: POST,
  }),
  [`POST ${V1}/purchases`]: async ({ stack, prepare }) => ({
    url: `${V1}/purchases`,
    body: {
      userId: RICH,
      listingId: (await prepare("/listings", { itemId: await stack(POOR), prices: PRICES }))["id"],
      ...REFERENCE,
    },
    as: "rich",
    budget: POST,
  }),
  [`GET ${WALLET}/purchases`]: () => ({
    url: `${rich}/purchases?limit=200`,
    as: "key",
    budget: PAGE,
  }),
  [`PUT ${V1}/recipes/{id}`]: async (world) => ({
    url: `${V1}/recipes/largest`,
    body: await largestRecipe(world),
    as: "key",
    budget: { ...POST, statements: 50, rows: 30, hashes: 30 },
  }),
  [`GET ${V1}/recipes/{id}`]: () => ({
    url: `${V1}/recipes/largest`,
    as: "key",
    budget: READ,
  }),
  [`GET ${V1}/recipes`]: () => ({ url: `${V1}/recipes?limit=200`, as: "key", budget: PAGE }),
  [`POST ${V1}/recipes/{id}/crafts`]: () => ({
    url: `${V1}/recipes/largest/crafts`,
    body: { userId: RICH, times: 1, ...REFERENCE },
    as: "key",
    budget: { ...POST, rows: 300, entries: 30 },
  }),
  [`POST ${ACCOUNT}/freeze`]: () => ({
    url: `${V1}/wallets/carol/accounts/game_coins/freeze`,
    body: { debits: true, credits: false, ...REFERENCE },
    as: "key",
    budget: POST,
  }),
  [`POST ${ACCOUNT}/close`]: async ({ prepare }) => {
    await prepare("/wallets/carol/accounts/game_coins/freeze", { debits: false, credits: false });
    await prepare("/transfers", {
      from: "carol",
      to: POOR,
      currency: "game_coins",
      amount: "1000",
    });
    const url = `${V1}/wallets/carol/accounts/game_coins/close`;
    return { url, body: REFERENCE, as: "key", budget: POST };
  },
  [`POST ${ACCOUNT}/reopen`]: () => ({
    url: `${V1}/wallets/carol/accounts/game_coins/reopen`,
    body: REFERENCE,
    as: "key",
    budget: POST,
  }),
};

const PRICES = { game_coins: "1", cash: "1", computing_power: "1", allinone_coins: "1" };

type World = Parameters<Asks[string]>[0];

async function waitingGift({ call }: World): Promise<string> {
  const { body } = await call("GET", `/wallets/${RECEIVER}/items?waiting=true&limit=1`);
  return body.data[0].id as string;
}

function answerTo(id: string, answer: "accept" | "decline") {
  const url = `${V1}/items/${id}/${answer}`;
  return { url, body: REFERENCE, as: "receiver", budget: POST } as const;
}

/** 20 ingredients of one piece, of which the user has hundreds of the first, and 20 products. */
async function largestRecipe({ call, prepare }: World): Promise<object> {
  const grants = Array.from({ length: 19 }, (_, n) => ({
    userId: RICH,
    name: `part ${n}`,
    type: "material",
  }));
  await prepare("/items/grants/bulk", { mode: "atomic", grants });
  const { body } = await call("GET", `/wallets/${RICH}/items?limit=19`);
  const parts = body.data.map(({ definitionId }: { definitionId: string }) => definitionId);
  const { body: own } = await call("GET", `/wallets/${RICH}/items?type=weapon&limit=1`);
  const inputs = [...parts, own.data[0].definitionId].map((definitionId) => ({
    definitionId,
    quantity: 1,
  }));
  const outputs = Array.from({ length: 20 }, (_, n) => ({
    item: { name: `product ${n}`, description: "d".repeat(1_500), type: "special" },
    quantity: 1,
  }));
  return { name: "n".repeat(255), inputs, prices: { game_coins: "1" }, outputs };
}
