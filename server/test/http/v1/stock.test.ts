/** A platform sells its own stock: terms and their changes, purchases, refusals, refunds, and who sees what. */
import { describe, expect, it } from "vitest";
import { createPlatformKey } from "../../../src/identity/platform-keys.ts";
import { scopesFor } from "../../../src/identity/scopes.ts";
import { caller, MARKET, PURCHASE } from "../../support/market.ts";
import { addTestPlatform } from "../../support/platforms.ts";
import { openWallets } from "../../../src/ledger/wallets/open-wallets.ts";
import { share } from "../../support/test-end.ts";
import { useV1, type TestV1 } from "./support.ts";

const HOUR_MS = 3_600_000;
const PRICE = { currency: "game_coins", amount: "10" };
const STOCK = {
  item: { name: "月光剑", type: "weapon", rarity: "rare" },
  price: PRICE,
} as const;
const FEES = "system:allinone:fees";
/** Of game stores: 30 %. */
const PAID = { price: "10", commission: "3", total: "13" };

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

const shared = share(() => useV1());
let users = 0;

/** The server of the file, and a user of this test with 1000 coins. */
async function useBuyer() {
  const v1 = shared();
  return { ...v1, buyer: await newUser(v1) };
}

async function newUser({ services }: TestV1): Promise<string> {
  const userId = `user-${++users}`;
  await openWallets(services, [userId]);
  return userId;
}

type Buyer = Awaited<ReturnType<typeof useBuyer>>;

async function sell({ call }: TestV1, terms: object = {}) {
  const sold = await call("POST", "/stock", { body: { ...STOCK, ...terms } });
  expect([sold.status, sold.body.code]).toEqual([201, undefined]);
  return { offer: sold.body, etag: String(sold.headers.etag), path: `/stock/${sold.body.id}` };
}

function purchaseOf(
  { buyer: userId }: Pick<Buyer, "buyer">,
  listingId: string,
  change: object = {},
) {
  return { userId, listingId, currency: "game_coins", price: "10", ...change };
}

const balanceOf = async ({ call }: TestV1, userId: string) =>
  (await call("GET", `/wallets/${userId}/accounts/game_coins`)).body.balance as string;

describe("an offer of own stock", () => {
  it("is changed by PATCH with its ETag, paused and ended, and replays say what was", async () => {
    const v1 = await useBuyer();
    const body = { ...STOCK, stock: 5, perUserLimit: 3, endsAt: inHours(2) };
    const first = await v1.call("POST", "/stock", { body, key: "k1" });
    expect(first.body).toMatchObject({
      platform: "allinone",
      status: "active",
      name: "月光剑",
      price: PRICE,
      stock: 5,
      sold: 0,
      left: 5,
      perUserLimit: 3,
      perDayLimit: null,
      buyers: "platform",
    });
    const path = `/stock/${first.body.id}`;
    const { etag } = (await v1.call("GET", path)).headers;
    expect(etag).toBe(first.headers.etag);
    const cached = await v1.call("GET", path, { headers: { "if-none-match": String(etag) } });
    expect(cached.status).toBe(304);

    const patch = (change: object, match = String(etag), key?: string) =>
      v1.call("PATCH", path, {
        body: change,
        headers: { "if-match": match },
        ...(key === undefined ? {} : { key }),
      });
    // A sale leaves the ETag valid: it is about the terms.
    const body1 = purchaseOf(v1, first.body.id);
    expect((await v1.call("POST", "/purchases", { body: body1 })).status).toBe(201);
    const price = { currency: "game_coins", amount: "20" };
    const changed = await patch({ price, perUserLimit: null }, String(etag), "k2");
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { price, perUserLimit: null, stock: 5, sold: 1, left: 4, version: "2" },
    ]);
    const stale = await patch({ price: PRICE });
    expect([stale.status, stale.body.code]).toEqual([412, "precondition_failed"]);
    expect((await patch({ price: PRICE }, "nonsense")).status).toBe(412);
    const unnamed = await v1.call("PATCH", path, { body: { price: PRICE } });
    expect([unnamed.status, unnamed.body.code]).toEqual([400, "missing_fields"]);
    const now = String(changed.headers.etag);
    const less = await patch({ stock: 0 }, now);
    expect([less.status, less.body.field]).toEqual([400, "stock"]);
    expect((await patch({}, now)).body).toMatchObject({ code: "invalid_field", field: "body" });
    const past = await patch({ endsAt: inHours(-1) }, now);
    expect([past.status, past.body.field]).toEqual([400, "endsAt"]);
    const turned = await patch({ startsAt: inHours(3) }, now);
    expect([turned.status, turned.body.field]).toEqual([400, "endsAt"]);

    const paused = await patch({ status: "paused" }, now);
    expect(paused.body.status).toBe("paused");
    const refused = await v1.call("POST", "/purchases", {
      body: purchaseOf(v1, first.body.id, { price: "20" }),
    });
    expect([refused.status, refused.body.code]).toEqual([409, "stock_paused"]);
    expect((await patch({ status: "ended" }, "*")).body.status).toBe("ended");
    const again = await patch({ status: "active" }, "*");
    expect([again.status, again.body.code]).toEqual([409, "stock_ended"]);

    const replayed = await v1.call("POST", "/stock", { body, key: "k1" });
    expect([replayed.headers["idempotency-replayed"], replayed.body]).toEqual(["true", first.body]);
    const repeated = await patch({ price, perUserLimit: null }, String(etag), "k2");
    expect(repeated.body).toEqual(changed.body);
  });

  it("is answered to a repeated request as it was, also once the item's type is retired", async () => {
    const { call } = shared();
    await call("PUT", "/item-types/relic", { body: { shownAs: "special" } });
    const body = { ...STOCK, item: { name: "圣杯", type: "relic" } };
    const first = await call("POST", "/stock", { body, key: "relic" });
    await call("POST", "/item-types/relic/retire", { body: {} });
    const again = await call("POST", "/stock", { body, key: "relic" });
    expect([again.status, again.headers["idempotency-replayed"], again.body]).toEqual([
      201,
      "true",
      first.body,
    ]);
    const other = await call("POST", "/stock", { body: { ...body, stock: 1 }, key: "relic" });
    expect([other.status, other.body.code]).toEqual([409, "idempotency_conflict"]);
    const fresh = await call("POST", "/stock", { body });
    expect([fresh.status, fresh.body.code]).toEqual([400, "invalid_item_type"]);
  });

  it("refuses terms that break a rule, and callers that may not sell", async () => {
    const v1 = await useBuyer();
    const refusals: [object, string][] = [
      [{ price: { currency: "gold", amount: "1" } }, "price.currency"],
      [{ price: { ...PRICE, amount: "1000000001" } }, "price.amount"],
      [{ price: { ...PRICE, amount: "0" } }, "price.amount"],
      [{ stock: 0 }, "stock"],
      [{ buyers: "friends" }, "buyers"],
      [{ endsAt: inHours(-1) }, "endsAt"],
      [{ startsAt: inHours(2), endsAt: inHours(1) }, "endsAt"],
      [{ item: { ...STOCK.item, name: "<b>" } }, "item.name"],
    ];
    for (const [change, field] of refusals) {
      const reply = await v1.call("POST", "/stock", { body: { ...STOCK, ...change } });
      expect([reply.status, reply.body.field]).toEqual([400, field]);
    }
    const none = await v1.call("POST", "/stock", { body: { ...STOCK, stock: 0 } });
    expect(none.body.detail).toMatch(/must be a whole number from 1 to 1000000.*or null/);
    const as = await v1.login("alice");
    expect((await v1.call("POST", "/stock", { as, body: STOCK })).status).toBe(403);
    const { db } = v1.database;
    const seller = await createPlatformKey(db, { platform: "allinone", scopes: ["market:write"] });
    const unable = await v1.call("POST", "/stock", { as: seller.key, body: STOCK });
    expect([unable.status, unable.body.code]).toEqual([403, "scope_missing"]);
  });
});

describe("a purchase from own stock", () => {
  it("moves money, commission, item and stock together, and shows a dry run first", async () => {
    const v1 = await useBuyer();
    const { offer, path } = await sell(v1, { stock: 2 });
    const fees = await balanceOf(v1, FEES);
    const as = await v1.login(v1.buyer);
    const body = purchaseOf(v1, offer.id);
    const preview = await v1.call("POST", "/purchases?dryRun=true", { as, body, key: null });
    expect([preview.status, preview.body]).toMatchObject([200, { ...PAID, dryRun: true }]);
    expect(await balanceOf(v1, v1.buyer)).toBe("1000");

    const bought = await v1.call("POST", "/purchases", { as, body, key: "k1" });
    expect([bought.status, bought.body]).toMatchObject([201, { ...PAID, listingId: offer.id }]);
    const replayed = await v1.call("POST", "/purchases", { as, body, key: "k1" });
    expect(replayed.body).toEqual({ ...bought.body, replayed: true });
    const item = (await v1.call("GET", `/items/${bought.body.itemId}`, { as })).body;
    expect(item).toMatchObject({ name: "月光剑", userId: v1.buyer, locked: false, state: "owned" });
    expect(item.definitionId).toBe(offer.definitionId);
    expect(await balanceOf(v1, v1.buyer)).toBe("987");
    expect(await balanceOf(v1, FEES)).toBe(`${BigInt(fees) + 10n}`);
    expect((await v1.call("GET", path)).body).toMatchObject({ sold: 1, left: 1 });

    const sales = `/wallets/${FEES}/purchases?role=seller&listingId=${offer.id}`;
    expect((await v1.call("GET", sales)).body.data).toMatchObject([
      {
        transferId: bought.body.transferId,
        name: "月光剑",
        buyerId: v1.buyer,
        sellerReceives: "10",
      },
    ]);
    const mine = (await v1.call("GET", `/wallets/${v1.buyer}/purchases`, { as })).body.data;
    expect(mine).toMatchObject([{ sellerId: FEES, name: "月光剑" }]);
  });

  it("is refused by name, with numbers and the moment at which it would pass", async () => {
    const v1 = await useBuyer();
    const buy = async (terms: object, change: object = {}) => {
      const { offer } = await sell(v1, terms);
      return (await v1.call("POST", "/purchases", { body: purchaseOf(v1, offer.id, change) })).body;
    };
    const startsAt = inHours(1);
    expect(await buy({ startsAt })).toMatchObject({
      code: "listing_not_started",
      startsAt,
      passesAt: startsAt,
    });
    expect(await buy({ stock: 2 }, { quantity: 3 })).toMatchObject({
      code: "stock_sold_out",
      stock: 2,
      left: 2,
      wanted: 3,
      passesAt: null,
    });
    expect(await buy({}, { price: "9" })).toMatchObject({
      code: "price_changed",
      seen: { currency: "game_coins", amount: "9" },
      current: PRICE,
      passesAt: null,
    });
    const limit = { code: "purchase_limit", maximum: 1, bought: 0, left: 1, wanted: 2 };
    expect(await buy({ perUserLimit: 1 }, { quantity: 2 })).toMatchObject({
      ...limit,
      limit: "user",
      passesAt: null,
    });
    const { offer } = await sell(v1, { perDayLimit: 1 });
    const body = purchaseOf(v1, offer.id);
    expect((await v1.call("POST", "/purchases", { body })).status).toBe(201);
    const second = (await v1.call("POST", "/purchases", { body })).body;
    const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();
    expect(second).toMatchObject({ limit: "day", bought: 1, left: 0, passesAt: midnight });
    const unseen = { userId: v1.buyer, listingId: offer.id };
    const blind = (await v1.call("POST", "/purchases", { body: unseen })).body;
    expect([blind.code, blind.field]).toEqual(["missing_fields", "currency"]);
    const listing = { userId: v1.buyer, listingId: "nd_market_magnifier", price: "24" };
    const stale = await v1.call("POST", "/purchases", { body: listing });
    expect([stale.status, stale.body]).toMatchObject([
      409,
      { code: "price_changed", current: { amount: "25" } },
    ]);
    const right = { ...listing, price: "25" };
    expect((await v1.call("POST", "/purchases", { body: right })).status).toBe(201);
  });

  it("obeys spending limits and freezes as every purchase does", async () => {
    const v1 = await useBuyer();
    const { offer } = await sell(v1);
    const body = purchaseOf(v1, offer.id);
    const limit = {
      scope: "user",
      userId: v1.buyer,
      currency: "game_coins",
      kind: "purchase",
      window: "day",
      maximum: "12",
      reason: "test",
    };
    const limited = await v1.call("POST", "/limits", { body: limit });
    expect(limited.status).toBe(201);
    expect((await v1.call("POST", "/purchases", { body })).body.code).toBe(
      "spending_limit_exceeded",
    );
    const reason = { reason: "sold coins for money" };
    const [frozenUser, otherUser] = [await newUser(v1), await newUser(v1)];
    await v1.call("POST", `/users/${frozenUser}/freeze`, { body: reason });
    const frozen = await v1.call("POST", "/purchases", { body: { ...body, userId: frozenUser } });
    expect(frozen.body.code).toBe("user_frozen");
    expect((await v1.call("GET", `/stock/${offer.id}`)).body.sold).toBe(0);
    const more = { from: v1.buyer, to: otherUser, currency: "game_coins", amount: "500" };
    expect((await v1.call("POST", "/transfers", { body: more })).status).toBe(201);
    const as = await v1.login(otherUser);
    const dear = await sell(v1, { price: { currency: "game_coins", amount: "900" } });
    const all = { ...purchaseOf(v1, dear.offer.id, { price: "900" }), userId: otherUser };
    const unverified = await v1.call("POST", "/purchases", { as, body: all });
    expect(unverified.body.code).toBe("unproven_limit");
  });

  it("is refunded by the selling platform, and the pieces come back when it says so", async () => {
    const v1 = await useBuyer();
    const { offer, path } = await sell(v1, { stock: 3, perUserLimit: 3 });
    const body = purchaseOf(v1, offer.id, { quantity: 3 });
    const bought = (await v1.call("POST", "/purchases", { body })).body;
    const refunds = `/purchases/${bought.transferId}/refunds`;
    const as = await v1.login(v1.buyer);
    expect((await v1.call("POST", refunds, { as, body: {} })).status).toBe(404);
    const kept = await v1.call("POST", refunds, { body: { quantity: 1 } });
    expect([kept.status, kept.body]).toMatchObject([201, { price: "10", commission: "3" }]);
    expect((await v1.call("GET", path)).body).toMatchObject({ sold: 3, left: 0 });
    const back = await v1.call("POST", refunds, { body: { quantity: 1, restock: true } });
    expect(back.body).toMatchObject({ itemsReturned: 1, quantityLeft: 1 });
    expect((await v1.call("GET", path)).body).toMatchObject({ sold: 2, left: 1 });
    expect(await balanceOf(v1, v1.buyer)).toBe("987");
    const again = await v1.call("POST", "/purchases", { body: purchaseOf(v1, offer.id) });
    expect([again.body.code, again.body.bought]).toEqual(["purchase_limit", 3]);

    const grant = { userId: await newUser(v1), name: "月石", type: "material" };
    const { item } = (await v1.call("POST", "/items/grants", { body: grant })).body;
    const listing = { itemId: item.id, prices: { game_coins: "1" } };
    const listed = (await v1.call("POST", "/listings", { body: listing })).body;
    const wanted = { userId: v1.buyer, listingId: listed.id };
    const { transferId } = (await v1.call("POST", "/purchases", { body: wanted })).body;
    const wrong = await v1.call("POST", `/purchases/${transferId}/refunds`, {
      body: { restock: true },
    });
    expect([wrong.status, wrong.body.field]).toEqual([400, "restock"]);
  });
});

describe("own stock", () => {
  it("is shown and sold to the users it is for, and never on the older surfaces", async () => {
    const v1 = await useBuyer();
    await addTestPlatform(v1.database.db, "moon");
    const moon = await createPlatformKey(v1.database.db, {
      platform: "moon",
      scopes: scopesFor("platform"),
    });
    const as = moon.key;
    const post = async (buyers: string) =>
      (await v1.call("POST", "/stock", { as, body: { ...STOCK, buyers } })).body.id as string;
    const [own, open] = [await post("platform"), await post("all")];
    const bob = await v1.login(v1.buyer);
    const shown = async (path: string, by: string) =>
      (await v1.call("GET", path, { as: by })).body.data.map(({ id }: { id: string }) => id);
    expect(await shown("/stock", as)).toEqual([open, own]);
    expect(await shown("/stock?platform=moon", bob)).toEqual([open]);
    expect(await shown("/stock", bob)).not.toContain(open);
    expect((await v1.call("GET", `/stock/${own}`, { as: bob })).status).toBe(404);
    const first = await v1.call("GET", "/stock?limit=1", { as });
    const rest = `/stock?limit=1&cursor=${first.body.nextCursor}`;
    expect((await v1.call("GET", rest, { as })).body).toMatchObject({
      data: [{ id: own }],
      nextCursor: null,
    });

    const hidden = await v1.call("POST", "/purchases", { as: bob, body: purchaseOf(v1, own) });
    expect([hidden.status, hidden.body.code]).toEqual([404, "item_not_found"]);
    const buy = () =>
      v1.call("POST", "/purchases", { as: bob, body: purchaseOf(v1, open), key: "k" });
    const bought = await buy();
    expect(bought.status).toBe(201);
    const narrower = { body: { buyers: "platform" }, as, headers: { "if-match": "*" } };
    expect((await v1.call("PATCH", `/stock/${open}`, narrower)).status).toBe(200);
    expect((await buy()).body).toEqual({ ...bought.body, replayed: true });
    const since = await v1.call("POST", "/purchases", { as: bob, body: purchaseOf(v1, open) });
    expect([since.status, since.body.code]).toEqual([404, "item_not_found"]);
    const foreign = await v1.call("PATCH", `/stock/${open}`, {
      body: { status: "ended" },
      headers: { "if-match": "*" },
    });
    expect([foreign.status, foreign.body.code]).toEqual([404, "item_not_found"]);
    const refund = `/purchases/${bought.body.transferId}/refunds`;
    expect((await v1.call("POST", refund, { body: {} })).status).toBe(404);
    expect((await v1.call("POST", refund, { as, body: { restock: true } })).status).toBe(201);

    const client = caller(v1, v1.buyer, bob);
    expect(JSON.stringify((await client.get(MARKET)).body)).not.toContain("月光剑");
    const older = await client.post(PURCHASE, { itemId: open, currencyType: "gameCoins" });
    expect([older.status, older.body.errorCode]).toEqual([404, "ITEM_NOT_FOUND"]);
    for (const path of ["/listings?limit=200", "/catalogue?limit=200"])
      expect(await shown(path, bob)).not.toContain(open);
  });
});
