/** Access to the routes of /api/v1 whose callers and scope stand at the route. docs/access.md is made from it. */
import { STOCK } from "./things.ts";
import type { AccessLine, Ids, Lines } from "./access-line.ts";

const V1 = "/api/v1";
const WALLET = `${V1}/wallets/{userId}`;
const ACCOUNT = `${WALLET}/accounts/{currency}`;
const COIN = { currency: "game_coins" };
const REASON = { reason: "access" };
const PRICES = { prices: { game_coins: "5" } };
/** Empty from the start. */
const POWER = { path: { currency: "computing_power" } };

const ownWallet: AccessLine = { names: { wallet: "wallet_not_found" } };
const userQuery: AccessLine = {
  ...ownWallet,
  send: ({ wallet }) => ({ query: `userId=${wallet}` }),
};

function wallet(body: (ids: Ids) => object): AccessLine {
  return { ...ownWallet, send: (ids) => ({ body: body(ids) }) };
}

/** Of things with an id in the path. */
function named(names: AccessLine["names"], body?: (ids: Ids) => object): AccessLine {
  return { names, ...(body && { send: (ids) => ({ body: body(ids) }) }) };
}

const item = (body?: (ids: Ids) => object) => named({ item: "item_not_found" }, body);
const pay = ({ wallet: from, friend: to }: Ids) => ({ from, to, ...COIN });
const give = (ids: Ids) => ({ ...pay(ids), amount: "5" });
const issue = ({ wallet: userId }: Ids) => ({ userId, currency: "allinone_coins", amount: "5" });
const open = (why: string): AccessLine => ({ names: {}, why });

/** Types and rarities of a platform, by their names. */
function labels(path: string, thing: "itemType" | "rarity", body: object): Lines<AccessLine> {
  const own = (sent: object): AccessLine => ({
    names: { [thing]: "not_found" },
    send: (ids) => ({ path: { name: ids[thing] }, ...sent }),
  });
  return {
    [`PUT ${V1}/${path}/{name}`]: {
      ...own({ body }),
      names: { [thing]: "open" },
      why: "Each platform has its own under its own names.",
    },
    [`POST ${V1}/${path}/{name}/retire`]: own({ body: {} }),
    [`GET ${V1}/${path}`]: open("Those of the caller's platform."),
    [`GET ${V1}/${path}/{name}`]: own({}),
  };
}

export const V1_LINES: Lines<AccessLine> = {
  [`GET ${V1}/sessions`]: userQuery,
  [`DELETE ${V1}/sessions`]: userQuery,
  [`DELETE ${V1}/sessions/{id}`]: {
    names: { session: "nothing", wallet: "wallet_not_found" },
    send: ({ wallet: userId }) => ({ query: `userId=${userId}` }),
  },
  [`POST ${V1}/links`]: {
    ...open("The assertion names the identity; the session is the wallet's own."),
    send: ({ assertion }) => ({ body: { assertion } }),
    answers: "link_to_itself",
  },
  [`GET ${V1}/links`]: open("Links to the session's own wallet."),
  [`DELETE ${V1}/links/{userId}`]: {
    names: { linked: "link_not_found" },
    send: ({ linked }) => ({ path: { userId: linked } }),
  },
  [`GET ${V1}/issuance`]: open(
    "Sums of currencies; budgets of the caller's own platform and of issuers.",
  ),
  [`POST ${V1}/limits`]: wallet(({ wallet: userId }) => ({
    scope: "user",
    userId,
    ...COIN,
    window: "day",
    maximum: "900",
    ...REASON,
  })),
  [`POST ${V1}/limits/{id}/remove`]: named({ limit: "policy_not_found" }, () => REASON),
  [`GET ${V1}/limits`]: userQuery,
  [`GET ${V1}/limits/{id}/changes`]: named({ limit: "policy_not_found" }),
  [`POST ${WALLET}/consents`]: wallet(() => ({
    platform: "mars",
    ...COIN,
    perDay: "5",
    verbs: ["transfer"],
    ...REASON,
  })),
  [`POST ${WALLET}/consents/revoke`]: {
    ...ownWallet,
    needs: "consenting",
    send: () => ({ body: { platform: "mars", ...COIN, ...REASON } }),
  },
  [`GET ${WALLET}/consents`]: ownWallet,
  [`GET ${WALLET}/consents/changes`]: ownWallet,
  [`GET ${V1}/consents`]: open("What users of other platforms permit the caller's platform."),
  [`PUT ${WALLET}`]: named({ wallet: "invalid_user_id" }, () => ({})),
  [`GET ${WALLET}`]: ownWallet,
  [`GET ${ACCOUNT}`]: ownWallet,
  [`GET ${ACCOUNT}/balance`]: {
    ...ownWallet,
    send: () => ({ query: "at=2026-01-01T00:00:00Z" }),
  },
  [`POST ${ACCOUNT}/freeze`]: wallet(() => ({ debits: true, credits: false })),
  [`POST ${ACCOUNT}/close`]: { ...ownWallet, send: () => ({ ...POWER, body: {} }) },
  [`POST ${ACCOUNT}/reopen`]: {
    ...ownWallet,
    needs: "closed",
    send: () => ({ ...POWER, body: {} }),
  },
  [`GET ${V1}/users/{userId}/freeze`]: ownWallet,
  [`POST ${V1}/users/{userId}/freeze`]: wallet(() => REASON),
  [`POST ${V1}/users/{userId}/unfreeze`]: {
    ...ownWallet,
    needs: "frozen",
    send: () => ({ body: REASON }),
  },
  [`GET ${V1}/users/{userId}/export`]: ownWallet,
  [`POST ${V1}/users/{userId}/erasure`]: wallet(() => ({ ...REASON, dryRun: true })),
  [`GET ${ACCOUNT}/statement`]: ownWallet,
  [`GET ${ACCOUNT}/statement/export`]: { ...ownWallet, send: () => ({ query: "format=json" }) },
  [`POST ${V1}/transfers`]: wallet(give),
  [`POST ${V1}/transfers/up-to`]: wallet((ids) => ({ ...pay(ids), maximum: "5" })),
  [`POST ${V1}/transfers/legs`]: wallet(({ wallet: from, friend: to }) => ({
    legs: [
      { userId: from, ...COIN, amount: "-5" },
      { userId: to, ...COIN, amount: "5" },
    ],
  })),
  [`POST ${V1}/transfers/bulk`]: wallet((ids) => ({ mode: "atomic", transfers: [give(ids)] })),
  [`GET ${V1}/transfers/{id}`]: named({ transfer: "transfer_not_found" }),
  [`POST ${V1}/transfers/{id}/refunds`]: named({ transfer: "transfer_not_found" }, () => ({})),
  [`POST ${V1}/mints`]: wallet(issue),
  [`POST ${V1}/burns`]: wallet((ids) => ({ ...issue(ids), ...COIN })),
  [`POST ${V1}/adjustments`]: wallet(({ wallet: userId }) => ({
    userId,
    ...COIN,
    amount: "5",
    ...REASON,
  })),
  [`POST ${V1}/holds`]: wallet(give),
  [`GET ${V1}/holds/{id}`]: named({ hold: "hold_not_found" }),
  [`GET ${WALLET}/holds`]: ownWallet,
  [`POST ${V1}/holds/{id}/captures`]: named({ hold: "hold_not_found" }, () => ({})),
  [`POST ${V1}/holds/{id}/void`]: {
    ...named({ hold: "hold_not_found" }, () => ({})),
    answersUsers: "forbidden",
  },
  [`POST ${V1}/quotes`]: {
    ...open("A price for everybody; it moves nothing."),
    send: () => ({ body: { from: "game_coins", to: "allinone_coins", amount: "5" } }),
  },
  [`POST ${V1}/exchanges`]: wallet(({ wallet: userId }) => ({
    userId,
    from: "game_coins",
    to: "allinone_coins",
    amount: "5",
  })),
  ...labels("item-types", "itemType", { shownAs: "weapon" }),
  ...labels("rarities", "rarity", { shownAs: "rare" }),
  [`GET ${WALLET}/items`]: ownWallet,
  [`GET ${V1}/items`]: {
    names: { imported: "nothing" },
    send: ({ imported }) => ({ query: `externalId=${imported}` }),
  },
  [`PATCH ${V1}/items/{id}`]: named({ typed: "item_not_found" }, () => ({ fields: { power: 5 } })),
  [`GET ${V1}/items/{id}`]: item(),
  [`GET ${V1}/items/{id}/history`]: item(),
  [`POST ${V1}/items/grants`]: wallet(({ wallet: userId }) => ({
    userId,
    name: "blade",
    type: "weapon",
  })),
  [`POST ${V1}/items/grants/bulk`]: wallet(({ wallet: userId }) => ({
    mode: "atomic",
    grants: [{ userId, name: "blade", type: "weapon" }],
  })),
  [`POST ${V1}/items/{id}/gifts`]: item(({ friend: to }) => ({ to })),
  [`POST ${V1}/items/{id}/exports`]: item(() => ({ platform: "allinone" })),
  [`POST ${V1}/items/{id}/returns`]: named({ exported: "item_not_found" }, () => ({})),
  [`POST ${V1}/items/{id}/accept`]: named({ gift: "item_not_found" }, () => ({})),
  [`POST ${V1}/items/{id}/decline`]: named({ gift: "item_not_found" }, () => ({})),
  [`GET ${V1}/catalogue`]: open("The stores' stock is for everybody."),
  [`GET ${V1}/listings`]: [
    open("What is on sale is for everybody."),
    {
      ...ownWallet,
      send: ({ wallet: userId }) => ({ query: `upcoming=true&sellerId=${userId}` }),
    },
  ],
  [`GET ${V1}/listings/{id}`]: [
    { names: { listing: "open" }, why: "What is on sale is for everybody." },
    named({ planned: "item_not_found" }),
  ],
  [`POST ${V1}/listings`]: {
    names: { item: "item_not_found" },
    send: ({ item: itemId }) => ({ body: { itemId, ...PRICES } }),
  },
  [`POST ${V1}/listings/{id}/cancel`]: [
    named({ listing: "item_not_found" }, () => ({})),
    named({ planned: "item_not_found" }, () => ({})),
  ],
  [`GET ${V1}/stock`]: open("What a platform has on sale of its own, for those who may buy it."),
  [`POST ${V1}/stock`]: {
    ...open("Each platform sells items of its own."),
    send: () => ({ body: STOCK }),
  },
  [`GET ${V1}/stock/{id}`]: named({ stock: "item_not_found" }),
  [`PATCH ${V1}/stock/{id}`]: named({ stock: "item_not_found" }, () => ({ status: "paused" })),
  [`POST ${V1}/purchases`]: [
    {
      names: { wallet: "wallet_not_found", stock: "item_not_found" },
      send: ({ wallet: userId, stock: listingId }) => ({
        body: { userId, listingId, ...COIN, price: STOCK.price.amount },
      }),
    },
    wallet(({ wallet: userId, offer: listingId }) => ({ userId, listingId })),
    {
      names: { planned: "open" },
      why: "Who has the id of a planned listing learns when its sale begins.",
      answers: "own_listing",
      send: ({ wallet: userId, planned: listingId }) => ({ body: { userId, listingId } }),
    },
  ],
  [`POST ${V1}/purchases/{id}/refunds`]: named({ purchase: "purchase_not_found" }, () => ({})),
  [`GET ${WALLET}/purchases`]: ownWallet,
  [`PUT ${V1}/recipes/{id}`]: {
    names: { recipe: "open" },
    why: "Each platform has recipes of its own under its own ids.",
    send: () => ({
      body: {
        name: "blade",
        inputs: [],
        outputs: [{ item: { name: "blade", type: "weapon" }, quantity: 1 }],
      },
    }),
  },
  [`GET ${V1}/recipes`]: open("Recipes of the caller's platform."),
  [`GET ${V1}/recipes/{id}`]: named({ recipe: "not_found" }),
  [`POST ${V1}/recipes/{id}/crafts`]: {
    names: { recipe: "not_found", wallet: "wallet_not_found" },
    send: ({ wallet: userId }) => ({ body: { userId } }),
  },
};
