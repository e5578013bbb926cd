/** The worst legal request of each operators' call that a machine's key may make, and its budget. */
import { expect } from "vitest";
import { OWN_ITEM_POST, PAGE, POST, READ } from "./v1-budgets.ts";
import { OWN_ITEM, POOR, RICH, type Ask, type Asks, type WorstWorld } from "./worst-world.ts";

export const ADMIN = "/api/admin";
/**
 * What a person does with a login of their own needs its cookie, which a machine has not. The repair reads through a
 * connection of its own, which the meter does not see.
 */
export const UNMETERED = /^\/api\/admin\/(set-up|sessions?|password|second-factor|repair)(\/|$)/;

const REASON = { reason: "字".repeat(255) };
const WHY = { reason: "字".repeat(500) };
const RICH_USER = `${ADMIN}/users/${RICH}`;
const LABEL = "字".repeat(64);
const ORIGINS = Array.from({ length: 50 }, (_, n) => `https://${"o".repeat(60)}${n}.example`);
const PRICE = { currency: "game_coins", amount: "1" };

/** An act and its row of the log; a person's role and person are read with each. */
const ACT = { ...POST, statements: 30, rows: 30 };
/** Of as many items as one confiscation may have, each with its history. */
const ACT_ON_ITEMS = { ...ACT, statements: 40, rows: 250, entries: 100 };
/** Shows as many origins as a platform may have. */
const ACT_ON_ORIGINS = { ...ACT, entries: 60 };
const LIST = { ...PAGE, statements: 8 };
/** Candidates are read in steps, and a page has 200 things of the largest size. */
const SEARCH = { ...LIST, statements: 25, rows: 1_500, bytes: 700_000 };
const THING = { ...READ, statements: 12, rows: 60, entries: 60, bytes: 12_000 };
/** Of as many accounts as a transfer may have. */
const WIDE = { ...READ, statements: 12, rows: 400, bytes: 100_000, entries: 110 };

let keys = 0;

type Method = "POST" | "PUT" | "PATCH" | "DELETE";

/** An act that is sure to be done or asked for, beforehand. */
async function act(
  { app, as }: WorstWorld,
  [method, path]: readonly [Method, string],
  body: object,
  by: "owner" | "approver" = "owner",
): Promise<Record<string, string>> {
  keys += 1;
  const headers = { authorization: `Bearer ${as[by]}`, "idempotency-key": `before ${keys}` };
  const reply = await app.inject({ method, url: `${ADMIN}${path}`, headers, payload: body });
  expect([path, reply.statusCode < 300 || reply.json()]).toEqual([path, true]);
  return reply.json();
}

function ask(url: string, body: object | undefined, budget: Ask["budget"]): Ask {
  return { url, ...(body && { body }), as: "owner", budget };
}

const reads = (path: string, budget: Ask["budget"] = READ) =>
  ask(`${ADMIN}${path}`, undefined, budget);

async function listed({ app, as }: WorstWorld, path: string): Promise<{ id: string }[]> {
  const headers = { authorization: `Bearer ${as.owner}` };
  return (await app.inject({ url: `${ADMIN}${path}`, headers })).json().data;
}

/** The items of one confiscation, as many as it may have. */
async function confiscation(world: WorstWorld): Promise<object> {
  const { body } = await world.call("GET", `/wallets/${RICH}/items?type=weapon&limit=100`);
  return { items: body.data.map(({ id }: { id: string }) => id), ...REASON };
}

async function askedConfiscation(world: WorstWorld): Promise<string> {
  const body = await confiscation(world);
  const path = ["POST", `/users/${RICH}/confiscations`] as const;
  return (await act(world, path, body))["approval"] ?? "";
}

async function confiscated(world: WorstWorld): Promise<string> {
  const path = `/approvals/${await askedConfiscation(world)}/approval`;
  return (await act(world, ["POST", path], {}, "approver"))["transferId"] ?? "";
}

async function boughtId({ stack, prepare }: WorstWorld): Promise<string> {
  const prices = { game_coins: "1" };
  const listed = await prepare("/listings", { itemId: await stack(POOR), prices });
  const bought = await prepare("/purchases", { userId: RICH, listingId: listed["id"] });
  return bought["transferId"] ?? "";
}

async function listingId({ stack, prepare }: WorstWorld): Promise<string> {
  const listed = { itemId: await stack(POOR), prices: { game_coins: "1" } };
  return (await prepare("/listings", listed))["id"] ?? "";
}

/** A log and a list of approvals that are longer than a page. */
async function fillLogs({ database: { db } }: WorstWorld): Promise<void> {
  await db.query(
    `insert into newday.operator_changes (operator, what, subject, reason, before, after)
      select 'operator:ada', 'user adjust', $1, $2, '{"balance": "1"}', '{"balance": "2"}'
      from generate_series(1, 210)`,
    [RICH, REASON.reason],
  );
  await db.query(
    `insert into newday.approvals (id, what, role, person, asked_by, asked_at, expires_at)
      select gen_random_uuid(), 'user adjust', 'owner', 'operator:ada', 'operator:ada', now(), now()
      from generate_series(1, 210)`,
  );
}

async function offer(world: WorstWorld): Promise<string> {
  const body = { platform: "allinone", item: OWN_ITEM, price: PRICE, ...REASON };
  return (await act(world, ["POST", "/stock"], body))["subject"] ?? "";
}

const TERMS = {
  stock: 1_000_000,
  perUserLimit: 1_000_000,
  perDayLimit: 1_000_000,
  buyers: "all",
  startsAt: new Date(Date.now() - 86_400_000).toISOString(),
  endsAt: new Date(Date.now() + 86_400_000).toISOString(),
};

const thingAsks: Asks = {
  [`GET ${ADMIN}/items`]: () => reads("/items?q=n&limit=200", SEARCH),
  [`GET ${ADMIN}/items/{id}`]: ({ oldItem }) => reads(`/items/${oldItem}`, THING),
  [`GET ${ADMIN}/items/{id}/history`]: ({ oldItem }) =>
    reads(`/items/${oldItem}/history?limit=200`, LIST),
  [`GET ${ADMIN}/listings`]: () => reads("/listings?q=n&limit=200", SEARCH),
  [`GET ${ADMIN}/listings/{id}`]: async (world) =>
    reads(`/listings/${await listingId(world)}`, THING),
  [`GET ${ADMIN}/listings/{id}/purchases`]: async (world) =>
    reads(`/listings/${await listingId(world)}/purchases?limit=200`, LIST),
  [`GET ${ADMIN}/transfers`]: () => reads(`/transfers?userId=${RICH}&limit=200`, SEARCH),
  [`GET ${ADMIN}/transfers/{id}`]: ({ wideTransfer }) => reads(`/transfers/${wideTransfer}`, WIDE),
};

const userAsks: Asks = {
  [`GET ${ADMIN}/users`]: () =>
    reads("/users?q=p&limit=200", { ...LIST, statements: 12, rows: 400 }),
  [`GET ${ADMIN}/users/{userId}`]: () =>
    ask(RICH_USER, undefined, { ...READ, statements: 20, rows: 200, bytes: 40_000, entries: 100 }),
  [`GET ${ADMIN}/users/{userId}/timeline`]: () =>
    ask(`${RICH_USER}/timeline?limit=200`, undefined, { ...LIST, statements: 60, rows: 2_500 }),
  [`GET ${ADMIN}/users/{userId}/export`]: () =>
    ask(`${RICH_USER}/export?reason=case`, undefined, {
      statements: 300,
      rows: 7_000,
      hashes: 10,
      hashedBytes: 2_000,
      bytes: 20_000_000,
      entries: 2_500,
    }),
  [`POST ${ADMIN}/users/{userId}/adjustments`]: () =>
    ask(`${RICH_USER}/adjustments`, { currency: "game_coins", amount: "-1", ...REASON }, ACT),
  [`POST ${ADMIN}/users/{userId}/freezes`]: () => ask(`${RICH_USER}/freezes`, REASON, ACT),
  [`DELETE ${ADMIN}/users/{userId}/freezes`]: () => ask(`${RICH_USER}/freezes`, REASON, ACT),
  [`POST ${ADMIN}/purchases/{id}/refunds`]: async (world) =>
    ask(`${ADMIN}/purchases/${await boughtId(world)}/refunds`, REASON, ACT),
  [`POST ${ADMIN}/listings/{id}/cancellation`]: async (world) =>
    ask(`${ADMIN}/listings/${await listingId(world)}/cancellation`, REASON, ACT),
  [`POST ${ADMIN}/users/{userId}/confiscations`]: async (world) =>
    ask(`${RICH_USER}/confiscations`, await confiscation(world), ACT_ON_ITEMS),
  [`POST ${ADMIN}/approvals/{id}/rejection`]: async (world) =>
    ask(`${ADMIN}/approvals/${await askedConfiscation(world)}/rejection`, REASON, ACT),
  [`POST ${ADMIN}/approvals/{id}/approval`]: async (world) => ({
    ...ask(`${ADMIN}/approvals/${await askedConfiscation(world)}/approval`, {}, ACT_ON_ITEMS),
    as: "approver",
  }),
  [`POST ${ADMIN}/confiscations/{id}/return`]: async (world) => {
    const [held] = await listed(world, "/confiscations");
    return ask(`${ADMIN}/confiscations/${held?.id}/return`, REASON, ACT_ON_ITEMS);
  },
  [`GET ${ADMIN}/confiscations`]: async (world) => {
    await confiscated(world);
    return reads("/confiscations?limit=200", LIST);
  },
  [`POST ${ADMIN}/users/{userId}/erasure`]: () =>
    ask(`${RICH_USER}/erasure`, { open: "settle", property: "forfeit", ...REASON }, ACT),
  [`DELETE ${ADMIN}/users/{userId}/sessions`]: () => ask(`${RICH_USER}/sessions`, REASON, ACT),
};

const settingAsks: Asks = {
  [`GET ${ADMIN}/platforms`]: () =>
    reads("/platforms", { ...READ, rows: 40, bytes: 40_000, hashes: 40 }),
  [`GET ${ADMIN}/platforms/{name}`]: () =>
    reads("/platforms/allinone", { ...READ, rows: 40, hashes: 40 }),
  [`POST ${ADMIN}/platforms`]: () =>
    ask(
      `${ADMIN}/platforms`,
      { name: `p${"l".repeat(31)}`, origins: ORIGINS, ...WHY },
      ACT_ON_ORIGINS,
    ),
  [`PATCH ${ADMIN}/platforms/{name}`]: () =>
    ask(`${ADMIN}/platforms/moon`, { origins: ORIGINS, ...WHY }, ACT_ON_ORIGINS),
  [`POST ${ADMIN}/platforms/{name}/secret`]: () =>
    ask(`${ADMIN}/platforms/moon/secret`, { keepOldForSeconds: 60, ...WHY }, ACT),
  [`POST ${ADMIN}/platforms/{name}/suspension`]: () =>
    ask(`${ADMIN}/platforms/direct/suspension`, WHY, ACT),
  [`DELETE ${ADMIN}/platforms/{name}/suspension`]: () =>
    ask(`${ADMIN}/platforms/direct/suspension`, WHY, ACT),
  [`DELETE ${ADMIN}/platforms/{name}/sessions`]: () =>
    ask(`${ADMIN}/platforms/allinone/sessions`, WHY, ACT),
  [`GET ${ADMIN}/platform-keys`]: () => reads("/platform-keys", LIST),
  [`POST ${ADMIN}/platform-keys`]: () =>
    ask(
      `${ADMIN}/platform-keys`,
      { platform: "allinone", scopes: ["wallets:read", "mint"], label: LABEL, ...WHY },
      ACT,
    ),
  [`POST ${ADMIN}/platform-keys/{id}/revocation`]: async (world) => {
    const [key] = await listed(world, "/platform-keys?platform=newday");
    return ask(`${ADMIN}/platform-keys/${key?.id}/revocation`, WHY, ACT);
  },
  [`GET ${ADMIN}/currencies`]: () => reads("/currencies"),
  [`POST ${ADMIN}/currencies`]: () =>
    ask(
      `${ADMIN}/currencies`,
      { code: "c".repeat(32), minters: ["allinone", "moon"], ...WHY },
      ACT,
    ),
  [`PATCH ${ADMIN}/currencies/{code}`]: () =>
    ask(`${ADMIN}/currencies/${"c".repeat(32)}`, { maximum: "5000", ...WHY }, ACT),
  [`PUT ${ADMIN}/currencies/{code}/minters/{platform}`]: () =>
    ask(`${ADMIN}/currencies/${"c".repeat(32)}/minters/newday`, WHY, ACT),
  [`DELETE ${ADMIN}/currencies/{code}/minters/{platform}`]: () =>
    ask(`${ADMIN}/currencies/${"c".repeat(32)}/minters/newday`, WHY, ACT),
  [`GET ${ADMIN}/exchange-pairs`]: () => reads("/exchange-pairs"),
  [`PUT ${ADMIN}/exchange-pairs/{from}/{to}`]: () =>
    ask(
      `${ADMIN}/exchange-pairs/cash/${"c".repeat(32)}`,
      { numerator: "9".repeat(18), denominator: "7".repeat(18), ...WHY },
      ACT,
    ),
  [`DELETE ${ADMIN}/exchange-pairs/{from}/{to}`]: () =>
    ask(`${ADMIN}/exchange-pairs/cash/${"c".repeat(32)}`, WHY, ACT),
  [`GET ${ADMIN}/budgets`]: () => reads("/budgets"),
  [`PUT ${ADMIN}/budgets/{platform}/{currency}`]: () =>
    ask(
      `${ADMIN}/budgets/moon/${"c".repeat(32)}`,
      { perDay: "9".repeat(16), total: "9".repeat(16), ...REASON },
      ACT,
    ),
  [`DELETE ${ADMIN}/budgets/{platform}/{currency}`]: () =>
    ask(`${ADMIN}/budgets/moon/${"c".repeat(32)}`, REASON, ACT),
  [`GET ${ADMIN}/stock`]: () => reads("/stock?platform=allinone&limit=200", LIST),
  [`POST ${ADMIN}/stock`]: () =>
    ask(
      `${ADMIN}/stock`,
      {
        platform: "allinone",
        item: { ...OWN_ITEM, name: "another" },
        price: PRICE,
        ...TERMS,
        ...REASON,
      },
      { ...OWN_ITEM_POST, ...ACT, hashedBytes: OWN_ITEM_POST.hashedBytes },
    ),
  [`PATCH ${ADMIN}/stock/{id}`]: async (world) =>
    ask(
      `${ADMIN}/stock/${await offer(world)}`,
      { price: PRICE, ...TERMS, status: "paused", ...REASON },
      ACT,
    ),
};

const staffAsks: Asks = {
  [`GET ${ADMIN}/acts`]: async (world) => {
    await fillLogs(world);
    return reads("/acts?limit=200", { ...LIST, bytes: 400_000 });
  },
  [`GET ${ADMIN}/approvals`]: () => reads("/approvals?limit=200", { ...LIST, bytes: 400_000 }),
  [`GET ${ADMIN}/act-limits`]: () => reads("/act-limits"),
  [`PUT ${ADMIN}/act-limits/{currency}`]: () =>
    ask(`${ADMIN}/act-limits/cash`, { maximum: "9".repeat(18), ...WHY }, ACT),
  [`GET ${ADMIN}/operators`]: () => reads("/operators"),
  [`POST ${ADMIN}/operators`]: () =>
    ask(`${ADMIN}/operators`, { login: "w".repeat(64), displayName: LABEL, role: "viewer" }, ACT),
  [`PATCH ${ADMIN}/operators/{login}`]: () =>
    ask(
      `${ADMIN}/operators/${"w".repeat(64)}`,
      { displayName: "another", role: "support", ...WHY },
      ACT,
    ),
  [`POST ${ADMIN}/operators/{login}/code`]: () =>
    ask(`${ADMIN}/operators/${"w".repeat(64)}/code`, WHY, ACT),
  [`POST ${ADMIN}/operators/{login}/second-factor/reset`]: async ({ database: { db } }) => {
    await db.query(
      `update newday.operators set second_factor = '\\x00', second_factor_mark = '\\x00',
        second_factor_key = 'k', second_factor_step = 1 where login = $1`,
      ["w".repeat(64)],
    );
    return ask(`${ADMIN}/operators/${"w".repeat(64)}/second-factor/reset`, WHY, ACT);
  },
  [`GET ${ADMIN}/keys`]: () => reads("/keys"),
  [`POST ${ADMIN}/keys`]: () => ask(`${ADMIN}/keys`, { label: LABEL, role: "owner" }, ACT),
  [`POST ${ADMIN}/keys/{id}/revocation`]: async (world) => {
    const made = await act(world, ["POST", "/keys"], { label: LABEL, role: "viewer" });
    return ask(`${ADMIN}/keys/${made["subject"]}/revocation`, WHY, ACT);
  },
};

const insightAsks: Asks = {
  [`GET ${ADMIN}/economy`]: () =>
    reads("/economy?from=2026-01-01&until=2026-12-31", {
      ...READ,
      rows: 500,
      statements: 12,
      bytes: 60_000,
      entries: 366,
    }),
  [`GET ${ADMIN}/economy/prices`]: () => reads("/economy/prices?limit=200", LIST),
  [`GET ${ADMIN}/economy/holders`]: () =>
    reads("/economy/holders?currency=game_coins", {
      ...READ,
      rows: 200,
      bytes: 30_000,
      entries: 100,
    }),
  [`GET ${ADMIN}/overview`]: () =>
    reads("/overview", { ...READ, statements: 25, rows: 100, entries: 60 }),
  [`GET ${ADMIN}/audit`]: () => reads("/audit?limit=200", { ...LIST, rows: 300 }),
  [`POST ${ADMIN}/audit/runs`]: () => ask(`${ADMIN}/audit/runs`, {}, READ),
  [`GET ${ADMIN}/audit/runs/{id}`]: async (world) =>
    reads(`/audit/runs/${(await act(world, ["POST", "/audit/runs"], {}))["id"]}`),
  [`POST ${ADMIN}/audit/findings/{id}/closing`]: async ({ database: { db } }) => {
    const [finding] = await db.query<{ id: string }>(FINDING);
    return ask(`${ADMIN}/audit/findings/${finding?.id}/closing`, WHY, ACT);
  },
};

/** As the audit writes one. */
const FINDING = `insert into newday.audit_findings (invariant, subject, severity, wallet, evidence)
  select 'account-head', 'account 1', 'serious', number, '{}' from newday.ledger_wallets
  where user_id = '${POOR}' returning id`;

/** In this order: what stops a user or ends sessions comes last. */
export const adminAsks: Asks = {
  ...staffAsks,
  ...insightAsks,
  ...settingAsks,
  ...thingAsks,
  ...userAsks,
};
