/** docs/incidents.md D: incidents of inventories, one test for each. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import {
  ADD,
  importPotion,
  INVENTORY,
  LIST,
  logIn,
  potion,
  PURCHASE,
  TRANSFER,
  type Caller,
} from "../support/market.ts";

const MAGNIFIER = { itemId: "nd_market_magnifier", currencyType: "gameCoins" };

async function itemsOf(user: Caller): Promise<Record<string, unknown>[]> {
  return (await user.get(INVENTORY)).body.items;
}

describe("inventory", () => {
  it("D1: all nine items are in the reply, whatever table or surface they came from", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    for (let n = 0; n < 5; n += 1) await importPotion(user);
    for (let n = 0; n < 4; n += 1) await user.post(PURCHASE, MAGNIFIER);
    const { body } = await user.get(INVENTORY);
    expect([body.total, body.items.length]).toEqual([9, 9]);
  });

  it("D2 and D3: a purchase is written once, ids are unique, and equal names stay apart", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    for (let n = 0; n < 3; n += 1) await user.post(PURCHASE, MAGNIFIER);
    const items = await itemsOf(user);
    expect(items.map(({ name }) => name)).toEqual(["放大镜", "放大镜", "放大镜"]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(3);
  });

  it("D5: a legendary sword stays a legendary sword", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    await importPotion(user, {
      itemType: "weapon",
      rarity: "legendary",
      stats: { attack: 150, defense: 20, speed: 10 },
    });
    expect((await itemsOf(user))[0]).toMatchObject({
      type: "weapon",
      rarity: "legendary",
      stats: { attack: 150, defense: 20, speed: 10 },
    });
  });

  it("D6: emoji and ids of 45 characters are stored; what is too long is named, never a 500", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = "nd_nd_store_material_001_1769263347091_a1b2c3";
    expect((await user.post(ADD, potion({ itemId, name: "💎🐉" }))).status).toBe(200);
    const long = await user.post(ADD, potion({ itemId: "x".repeat(256) }));
    expect(long).toMatchObject({ status: 400, body: { errorDetail: { field: "itemId" } } });
    expect(JSON.stringify(long.body)).not.toMatch(/insert into|select|newday\./i);
  });

  it("D7: an import is in the next reply, and another user's equal id is no obstacle", async () => {
    const test = await useTestApp();
    const body = potion();
    for (const name of ["user-001", "user-002"]) {
      const user = await logIn(test, name);
      const id = (await user.post(ADD, body)).body.item.id;
      expect((await itemsOf(user)).map((item) => item["id"])).toEqual([id]);
    }
  });

  it("D8: a duplicate is 409 with the item that exists", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const body = potion();
    await user.post(ADD, body);
    const again = await user.post(ADD, body);
    expect([again.status, again.body.success, again.body.errorCode]).toEqual([
      409,
      false,
      "ITEM_ALREADY_EXISTS",
    ]);
    expect(again.body.existingItem.name).toBe(body["name"]);
  });

  it("D10: an exported item of ours cannot come back as a second one through import", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user);
    const back = await user.post(ADD, potion({ itemId }));
    expect([back.status, back.body.existingItem.id]).toEqual([409, itemId]);
  });

  it("D12: pets and skins stay pets and skins", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    for (const itemType of ["pet", "skin", "special"]) await importPotion(user, { itemType });
    expect((await itemsOf(user)).map(({ type }) => type)).toEqual(["special", "skin", "pet"]);
  });

  it("D13: a listed item is out of the inventory, on the server", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const itemId = await importPotion(user);
    await user.post(LIST, { itemId, name: "x", itemType: "consumable", price: { gameCoins: 5 } });
    expect(await itemsOf(user)).toEqual([]);
  });

  it("D4: an item answers to every form of id that a client may have stored", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const sent = potion({ allinoneItemId: "nd_owned_1" });
    const { id } = (await user.post(ADD, sent)).body.item;
    for (const form of [id, id.replace("inv-", ""), sent["itemId"], "nd_owned_1"])
      for (const targetPlatform of ["allinone", "newday"]) {
        const moved = await user.post(TRANSFER, { itemId: form, targetPlatform });
        expect([form, moved.status, moved.body.item?.id]).toEqual([form, 200, id]);
      }
  });

  it("D9: a refusal names its code, the field and a request id that the log knows", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const { body, headers } = await user.post(ADD, potion({ imageUrl: "http://x.example/a.png" }));
    expect(body).toMatchObject({ errorCode: "INVALID_PARAMS", errorDetail: { field: "imageUrl" } });
    expect(body.requestId).toBe(headers["x-request-id"]);
  });

  it("D11: sync-status says whether an item came, and no default says so for it", async () => {
    const user = await logIn(await useTestApp(), "user-001");
    const status = (id: unknown) => user.get(`${INVENTORY}/sync-status?itemId=${String(id)}`);
    const sent = potion();
    const before = await status(sent["itemId"]);
    expect([before.status, before.body]).toMatchObject([200, { synced: false, syncedAt: null }]);
    await user.post(ADD, sent);
    const { body } = await status(sent["itemId"]);
    expect(body.synced).toBe(true);
    expect(body.syncedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });
});
