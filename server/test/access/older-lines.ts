/** Access to routes without a declaration of their own: older surfaces, probes, pages, public calls of /api/v1. */
import type { Audience, Ids, Lines, OlderLine, AccessLine } from "./access-line.ts";

const A = "/api/allinone";
const G = "/api/adventures";
const SHARED = "/api/shared/marketplace";

/** The market, the catalogue and the documents. */
function anyone(why: string, answers?: OlderLine["answers"]): OlderLine {
  return { audience: "anyone", names: {}, why, ...(answers && { answers }) };
}

function session(names: AccessLine["names"] = {}, body?: (ids: Ids) => object): OlderLine {
  return byCaller("session", names, body);
}

function service(body?: (ids: Ids) => object, answers?: OlderLine["answers"]): OlderLine {
  const why = "New Day's own servers, trusted for every player (docs/incidents.md G9, G10).";
  return { ...byCaller("service key", {}, body), why, ...(answers && { answers }) };
}

function byCaller(
  audience: Audience,
  names: AccessLine["names"],
  body?: (ids: Ids) => object,
): OlderLine {
  return { audience, names, ...(body && { send: (ids) => ({ body: body(ids) }) }) };
}

const sellable = ({ item: itemId }: Ids) => ({
  itemId,
  name: "blade",
  itemType: "weapon",
  price: { gameCoins: 5 },
});
const player = ({ wallet: playerId }: Ids) => ({ playerId });
const inCoins = { currencyType: "gameCoins" };
const amount = { amount: 5, currency: "gameCoins" };
const HEALTH = "A monitor has no credential; no user's data is in it.";
const SIGNPOST = "A signpost for people and probes.";
const MARKET = "What is on sale is for everybody (docs/contract.md 5.1, 6.1).";

export const OLDER_LINES: Lines<OlderLine> = {
  "GET /metrics": {
    audience: "metrics key",
    names: {},
    why: "Rates and memory are of use to an attacker.",
  },
  "GET /docs": anyone("Documentation."),
  "GET /docs/errors": anyone("Documentation."),
  "GET /docs/errors/{code}": {
    ...anyone("Documentation."),
    send: () => ({ path: { code: "forbidden" } }),
  },
  "GET /healthz": anyone(HEALTH),
  "GET /readyz": anyone(HEALTH),
  "GET /api/health": anyone(HEALTH),
  "GET /api": anyone(SIGNPOST),
  [`GET ${A}`]: anyone(SIGNPOST),
  "GET /api/shared": anyone(SIGNPOST),
  "POST /game/link": anyone(
    "Continues the login link of the same browser, whose cookie has the token.",
  ),
  "GET /api/v1/openapi.json": anyone("Documentation."),
  "GET /api/v1/currencies": anyone("The currencies are the same for everybody."),
  "POST /api/v1/sessions": {
    ...anyone("The credential is the assertion in the body."),
    send: ({ assertion }) => ({ body: { assertion } }),
  },
  "GET /api/shared/wallet/{userId}": {
    audience: "anyone",
    names: { wallet: "open" },
    why: "The probe of every client: balances of any user, opened at the first reading (docs/contract.md 3.2).",
  },
  [`POST ${A}/auth/login`]: [
    {
      ...anyone("The credential is the assertion in the body."),
      send: ({ wallet: allinoneUserId, assertion }) => ({ body: { allinoneUserId, assertion } }),
    },
    {
      audience: "anyone",
      names: { wallet: "forbidden" },
      why: "Without a proof production refuses every user, known or not (docs/incidents.md G1).",
      answers: "forbidden",
      send: ({ wallet: allinoneUserId }) => ({ body: { allinoneUserId } }),
    },
  ],
  [`POST ${A}/auth/verify`]: {
    ...anyone("The credential is the token in the body."),
    send: ({ token }) => ({ body: { token } }),
  },
  [`POST ${A}/auth/logout`]: {
    ...anyone("The credential is the token in the body."),
    send: ({ token }) => ({ body: { token } }),
  },
  [`GET ${A}/auth/me`]: session(),
  [`POST ${A}/auth/me`]: session(),
  [`GET ${A}/wallet/balance`]: session(),
  [`GET ${A}/inventory`]: session(),
  [`GET ${A}/inventory/all`]: session(),
  [`POST ${A}/inventory/add`]: session({}, () => ({
    itemId: "nd_access",
    name: "blade",
    itemType: "weapon",
    rarity: "common",
  })),
  [`GET ${A}/inventory/sync-status`]: {
    ...session({ imported: "nothing" }),
    send: ({ imported }) => ({ query: `itemId=${imported}` }),
  },
  [`POST ${A}/inventory/sync`]: session(
    { wallet: "invalid_token", item: "nothing" },
    ({ wallet: userId, item: id }) => ({ userId, item: { id } }),
  ),
  [`GET ${A}/market/items`]: anyone(MARKET),
  [`GET ${A}/market/list`]: anyone(MARKET),
  [`POST ${A}/market/list`]: session({ item: "item_not_found" }, sellable),
  [`POST ${A}/market/cancel`]: [
    session({ listing: "item_not_found" }, ({ listing: listingId }) => ({ listingId })),
    session({ planned: "item_not_found" }, ({ planned: listingId }) => ({ listingId })),
  ],
  [`POST ${A}/market/purchase`]: session({}, ({ offer: itemId }) => ({ itemId, ...inCoins })),
  [`POST ${A}/market/transfer`]: [
    session({ item: "item_not_found" }, ({ item: itemId, friend: targetUserId }) => ({
      itemId,
      targetUserId,
    })),
    session({ item: "item_not_found" }, ({ item: itemId }) => ({
      itemId,
      targetPlatform: "allinone",
    })),
    session({ exported: "item_not_found" }, ({ exported: itemId }) => ({
      itemId,
      targetPlatform: "newday",
    })),
  ],
  [`GET ${SHARED}`]: anyone(MARKET),
  [`POST ${SHARED}`]: session(
    { wallet: "forbidden", item: "item_not_found" },
    ({ wallet: userId, item: itemId }) => ({
      userId,
      itemId,
      name: "blade",
      category: "weapon",
      price: 5,
      currency: "gameCoins",
    }),
  ),
  [`POST ${SHARED}/{id}/purchase`]: {
    ...session({ wallet: "forbidden" }),
    send: ({ wallet: buyerId, offer: id }) => ({ path: { id }, body: { buyerId } }),
  },
  "POST /api/wallet/init": service(({ wallet: userId }) => ({ userId })),
  "POST /api/wallet/deduct": service(({ wallet: userId }) => ({ userId, ...amount })),
  "POST /api/wallet/reward": service(({ wallet: userId }) => ({ userId, ...amount })),
  [`GET ${G}/items`]: {
    ...service(),
    send: ({ wallet: playerId }) => ({ query: `playerId=${playerId}` }),
  },
  [`GET ${G}/{id}/items`]: { ...service(), send: ({ wallet: id }) => ({ path: { id } }) },
  [`POST ${G}/{id}/items/{itemId}/purchase`]: {
    ...service(undefined, "item_not_found"),
    send: ({ wallet: id }) => ({ path: { id, itemId: "none" }, body: {} }),
  },
  [`POST ${G}/items/use`]: {
    ...service(({ wallet: playerId, item: itemId }) => ({ playerId, itemId })),
    names: { item: "open" },
  },
  [`POST ${G}/items/use-skip`]: service(player, "item_not_found"),
  [`POST ${G}/revive`]: service(player, "item_not_found"),
  [`POST ${G}/items/use-skip-game`]: service(player),
};
