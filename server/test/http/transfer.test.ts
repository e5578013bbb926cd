import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import {
  caller,
  CANCEL,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  PURCHASE,
  TRANSFER,
  withinOneDay,
  type Caller,
} from "../support/market.ts";

const EXPORT = { targetPlatform: "allinone", quantity: 1 };
const RETURN = { targetPlatform: "newday", quantity: 1 };

async function idsOf(user: Caller): Promise<string[]> {
  return (await user.get(INVENTORY)).body.items.map(({ id }: { id: string }) => id);
}

describe("200", () => {
  it("exports, repeats the export with the same transfer id, returns it, and exports it anew", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const itemId = await importPotion(user);
    const first = await user.post(TRANSFER, { itemId, ...EXPORT });
    expect(first.body).toMatchObject({
      remaining: 0,
      alreadyTransferred: false,
      item: { id: itemId },
    });
    const again = await user.post(TRANSFER, { itemId, ...EXPORT });
    expect(again).toMatchObject({
      status: 200,
      body: { success: true, transferId: first.body.transferId, alreadyTransferred: true },
    });
    const back = await user.post(TRANSFER, { itemId, ...RETURN });
    expect(back).toMatchObject({ status: 200, body: { alreadyTransferred: false } });
    expect(await idsOf(user)).toEqual([itemId]);
    const backAgain = await user.post(TRANSFER, { itemId, ...RETURN });
    expect(backAgain.body).toMatchObject({
      transferId: back.body.transferId,
      alreadyTransferred: true,
    });
    const anew = await user.post(TRANSFER, { itemId, ...EXPORT });
    expect(anew.body.alreadyTransferred).toBe(false);
    expect(anew.body.transferId).not.toBe(first.body.transferId);
    await expectSound(test.database.db);
  });

  it("knows an item by prefixed, bare, external and listing id", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const external = "nd_owned_45_characters_of_an_external_item_id";
    const imported = await importPotion(user, { itemId: external });
    const buy = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };
    const bought = (await user.post(PURCHASE, buy)).body.item.id;
    for (const [sent, meant] of [
      [imported, imported],
      [imported.replace("inv-", ""), imported],
      [external, imported],
      ["nd_market_magnifier", bought],
    ] as const) {
      expect((await user.post(TRANSFER, { itemId: sent, ...EXPORT })).body.item.id).toBe(meant);
      expect((await user.post(TRANSFER, { itemId: sent, ...RETURN })).body.item.id).toBe(meant);
    }
  });

  it("takes a part out of a stack once within seconds, and brings the part back by the stack's id", async () => {
    const test = await useTestApp();
    const user = await logIn(test, "user-001");
    const itemId = await importPotion(user, { quantity: 5 });
    const part = { itemId, targetPlatform: "allinone", quantity: 2 };
    const first = (await user.post(TRANSFER, part)).body;
    expect(first).toMatchObject({ remaining: 3, item: { quantity: 2 } });
    const again = (await user.post(TRANSFER, part)).body;
    expect(again).toMatchObject({ transferId: first.transferId, remaining: 3 });
    const third = (await user.post(TRANSFER, { ...part, quantity: 1 })).body;
    expect(third).toMatchObject({ remaining: 2, alreadyTransferred: false });
    expect((await user.get(INVENTORY)).body.items[0]).toMatchObject({ id: itemId, quantity: 2 });
    expect((await user.post(TRANSFER, { itemId, ...RETURN })).body.item.id).toBe(third.item.id);
    expect((await user.post(TRANSFER, { itemId: first.item.id, ...RETURN })).status).toBe(200);
    await expectSound(test.database.db);
  });

  it("gives an item to another user once, whatever the giver repeats", async () => {
    const test = await useTestApp();
    const [giver, friend] = [await logIn(test, "giver-1"), await logIn(test, "friend-1")];
    const itemId = await importPotion(giver, { itemId: "their-own-id" });
    const gift = { itemId, targetUserId: "friend-1", quantity: 1 };
    const first = await giver.post(TRANSFER, gift);
    expect(first).toMatchObject({
      status: 200,
      body: { item: { id: itemId, userId: "friend-1" } },
    });
    const again = await giver.post(TRANSFER, gift);
    expect(again.body).toMatchObject({
      transferId: first.body.transferId,
      alreadyTransferred: true,
    });
    expect([await idsOf(giver), await idsOf(friend)]).toEqual([[], [itemId]]);
    expect((await giver.post(TRANSFER, { ...gift, itemId: "their-own-id" })).body).toMatchObject({
      transferId: first.body.transferId,
      alreadyTransferred: true,
    });
    await friend.post(TRANSFER, { itemId, targetUserId: "giver-1" });
    const second = await giver.post(TRANSFER, gift);
    expect(second.body.alreadyTransferred).toBe(false);
    expect(await idsOf(friend)).toEqual([itemId]);
  });

  it("repeats a gift by the platform's id, however many others have imported that id since", async () => {
    const test = await useTestApp();
    const giver = await logIn(test, "giver-1");
    await logIn(test, "friend-1");
    await importPotion(giver, { itemId: "sword-1" });
    const gift = { itemId: "sword-1", targetUserId: "friend-1" };
    const first = await giver.post(TRANSFER, gift);
    for (let other = 1; other <= 20; other += 1)
      await importPotion(await logIn(test, `other-${other}`), { itemId: "sword-1" });
    expect(await giver.post(TRANSFER, gift)).toMatchObject({
      status: 200,
      body: { transferId: first.body.transferId, alreadyTransferred: true },
    });
  });

  it("replays the same Idempotency-Key even for a stack", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user, { quantity: 5 });
    const part = { itemId, targetPlatform: "allinone", quantity: 1 };
    const key = { "idempotency-key": "once" };
    const first = (await user.post(TRANSFER, part, key)).body;
    expect((await user.post(TRANSFER, part, key)).body.transferId).toBe(first.transferId);
    expect((await user.get(INVENTORY)).body.items[0].quantity).toBe(4);
    const next = (await user.post(TRANSFER, part, { "idempotency-key": "twice" })).body;
    expect([next.alreadyTransferred, next.remaining]).toEqual([false, 3]);
    const elsewhere = { itemId, targetPlatform: "newday", quantity: 1 };
    expect((await user.post(TRANSFER, elsewhere, key)).status).toBe(409);
  });
});

describe("400, 401, 404 and 409", () => {
  it("names what is wrong and moves nothing", async () => {
    const test = await useTestApp();
    const [user, other] = [await logIn(test, "user-001"), await logIn(test, "other-1")];
    const itemId = await importPotion(user);
    const theirs = await importPotion(other);
    const cases: [object, number, string][] = [
      [{}, 400, "MISSING_FIELDS"],
      [{ itemId }, 400, "MISSING_FIELDS"],
      [{ itemId, targetPlatform: "allinone", targetUserId: "other-1" }, 400, "INVALID_PARAMS"],
      [{ itemId, targetPlatform: "steam" }, 400, "INVALID_PARAMS"],
      [{ itemId, ...EXPORT, quantity: 0 }, 400, "INVALID_QUANTITY"],
      [{ itemId, ...EXPORT, quantity: 2 }, 400, "INVALID_QUANTITY"],
      [{ itemId, ...EXPORT, quantity: 1.5 }, 400, "INVALID_QUANTITY"],
      [{ itemId, targetUserId: "user-001" }, 400, "INVALID_PARAMS"],
      [{ itemId, targetUserId: "system" }, 400, "INVALID_USER_ID"],
      [{ itemId, targetUserId: "never-seen" }, 404, "PLAYER_NOT_FOUND"],
      [{ itemId: theirs, ...EXPORT }, 404, "ITEM_NOT_FOUND"],
      [{ itemId: theirs, ...RETURN }, 404, "ITEM_NOT_FOUND"],
      [{ itemId: "no-such-item", ...EXPORT }, 404, "ITEM_NOT_FOUND"],
      [{ itemId, ...RETURN }, 409, "ITEM_NOT_EXPORTED"],
    ];
    for (const [body, status, code] of cases) {
      const reply = await user.post(TRANSFER, body);
      expect([body, reply.status, reply.body.errorCode]).toEqual([body, status, code]);
    }
    const unknown = await user.post(TRANSFER, { itemId, targetUserId: "never-seen" });
    expect(unknown.body.errorDetail).toMatchObject({ field: "targetUserId", userId: "never-seen" });
    expect([await idsOf(user), await idsOf(other)]).toEqual([[itemId], [theirs]]);
    expect((await caller(test, "nobody").post(TRANSFER, { itemId, ...EXPORT })).status).toBe(401);
  });

  it("refuses an item in escrow until its listing is cancelled", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user);
    const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: 5 } };
    const listingId = (await user.post(LIST, offer)).body.item.id;
    const refused = await user.post(TRANSFER, { itemId, ...EXPORT });
    expect([refused.status, refused.body.errorCode]).toEqual([409, "ITEM_IN_ESCROW"]);
    await user.post(CANCEL, { listingId });
    expect((await user.post(TRANSFER, { itemId, ...EXPORT })).status).toBe(200);
  });
});

describe("H1: gifts that the receiver did not ask for", () => {
  async function useGivers() {
    await withinOneDay();
    const test = await useTestApp();
    const receiver = await logIn(test, "receiver");
    let serial = 0;
    const giver = async (name: string) => {
      const user = await logIn(test, name);
      const itemId = await importPotion(user, { quantity: 100 });
      const give = (to: string) => {
        const key = { "idempotency-key": `gift-${(serial += 1)}` };
        return user.post(TRANSFER, { itemId, targetUserId: to, quantity: 1 }, key);
      };
      return async (count: number, to = receiver.userId) => {
        const given = await Promise.all(Array.from({ length: count }, () => give(to)));
        return given.filter(({ status }) => status === 200).length;
      };
    };
    return { test, receiver, giver };
  }

  it("are at most 20 a day from one user to another", async () => {
    const { test, receiver, giver } = await useGivers();
    const ann = await giver("ann");
    await logIn(test, "other");
    expect(await ann(30)).toBe(20);
    expect(await ann(1, "other")).toBe(1);
    expect((await receiver.get(INVENTORY)).body.total).toBe(20);
    await expectSound(test.database.db);
  });

  it("are at most 64 that wait for acceptance, and acting on one accepts it", async () => {
    const { test, receiver, giver } = await useGivers();
    for (const name of ["ann", "bob", "cy", "dan"]) await (await giver(name))(20);
    const { items, total } = (await receiver.get(INVENTORY)).body;
    expect(total).toBe(64);
    const eve = await logIn(test, "eve");
    const itemId = await importPotion(eve);
    const gift = { itemId, targetUserId: receiver.userId, quantity: 1 };
    expect(await eve.post(TRANSFER, gift)).toMatchObject({
      status: 409,
      body: {
        errorCode: "GIFT_LIMIT",
        errorDetail: {
          rule: "at most 64 gifts wait for the receiver's acceptance",
          remedyZh: "请接收方先接受已有赠品",
        },
      },
    });
    expect((await eve.get(INVENTORY)).body.total).toBe(1);
    const offer = { name: "生命药水", itemType: "consumable", price: { gameCoins: 1 } };
    expect((await receiver.post(LIST, { ...offer, itemId: items[0].id })).status).toBe(201);
    expect((await eve.post(TRANSFER, gift)).status).toBe(200);
    await expectSound(test.database.db);
  });
});
