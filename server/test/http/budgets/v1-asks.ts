/** The worst legal request of each operation of the OpenAPI document, and its budget. */
import { BULK, OWN_ITEM_POST, PAGE, POST, READ, V1 } from "./v1-budgets.ts";
import { LEGS, OWN_ITEM, PAY, POOR, RECEIVER, REFERENCE, RICH, type Asks } from "./worst-world.ts";

const WALLET = `${V1}/wallets/{userId}`;
const ACCOUNT = `${WALLET}/accounts/{currency}`;
const rich = `${V1}/wallets/${RICH}`;
const richCoins = `${rich}/accounts/game_coins`;

const BULK_METADATA = Object.fromEntries(
  Array.from({ length: 12 }, (_, n) => [`member-${n}`, "v".repeat(40)]),
);

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
    // 200 at once are two or three batches of four statements, by whether one is in flight when the next is taken.
    budget: { ...BULK, statements: 2 + 5 * 3 * 4 },
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
    body: { userId: RICH, ...OWN_ITEM, name: "granted", ...REFERENCE },
    as: "key",
    budget: OWN_ITEM_POST,
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
  [`GET ${V1}/issuance`]: () => ({
    url: `${V1}/issuance`,
    as: "key",
    budget: { ...READ, statements: 10 },
  }),
  [`POST ${V1}/purchases/{id}/refunds`]: async ({ stack, prepare }) => {
    const listed = await prepare("/listings", { itemId: await stack(POOR), prices: PRICES });
    const bought = await prepare("/purchases", { userId: RICH, listingId: listed["id"] });
    const url = `${V1}/purchases/${bought["transferId"]}/refunds`;
    return { url, body: { ifItemGone: "money_only", ...REFERENCE }, as: "key", budget: POST };
  },
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
  [`GET ${V1}/users/{userId}/freeze`]: () => ({
    url: `${V1}/users/carol/freeze`,
    as: "key",
    budget: READ,
  }),
  [`GET ${V1}/users/{userId}/export`]: () => ({
    url: `${V1}/users/${RICH}/export`,
    as: "key",
    // Streamed, a page of rows at a time: its size is the history's, here 300 texts of 30 KB.
    budget: { ...PAGE, statements: 400, rows: 6_000, bytes: 13_000_000, entries: 2_000 },
  }),
  [`POST ${V1}/users/{userId}/erasure`]: () => ({
    url: `${V1}/users/carol/erasure`,
    body: { reason: "r".repeat(255), dryRun: true },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/users/{userId}/freeze`]: () => ({
    url: `${V1}/users/carol/freeze`,
    body: { reason: "r".repeat(255) },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/users/{userId}/unfreeze`]: () => ({
    url: `${V1}/users/carol/unfreeze`,
    body: { reason: "r".repeat(255) },
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
