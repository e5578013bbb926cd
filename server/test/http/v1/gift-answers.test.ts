import { describe, expect, it } from "vitest";
import { openWallets } from "../../../src/ledger/wallets/open-wallets.ts";
import { withinOneDay } from "../../support/market.ts";
import { useV1, type TestV1 } from "./support.ts";

const WAITING = "/wallets/bob/items?waiting=true&limit=200";
const GIVERS = ["giver-1", "giver-2", "giver-3", "giver-4"];

async function grant({ call }: TestV1, userId: string, quantity: number): Promise<string> {
  const body = { userId, name: "星尘", type: "material", quantity };
  return (await call("POST", "/items/grants", { body })).body.item.id;
}

/** Each giver gives bob pieces until the limit is met; returns what was given. */
async function fill(v1: TestV1): Promise<string[]> {
  await withinOneDay();
  await openWallets(v1.services, GIVERS);
  const given: string[] = [];
  for (const giver of GIVERS) {
    const [id, as] = [await grant(v1, giver, 100), await v1.login(giver)];
    for (let n = 0; n < 20; n += 1) {
      const body = { to: "bob", quantity: 1 };
      const gift = await v1.call("POST", `/items/${id}/gifts`, { as, body });
      if (gift.status === 201) given.push(gift.body.item.id);
      else expect(gift.body.code).toBe("gift_limit");
    }
  }
  return given;
}

/** A waiting gift of alice to bob. */
async function give(v1: TestV1, quantity = 5): Promise<string> {
  const [id, as] = [await grant(v1, "alice", quantity), await v1.login("alice")];
  const gift = await v1.call("POST", `/items/${id}/gifts`, { as, body: { to: "bob" } });
  expect(gift.body.item).toMatchObject({ userId: "bob", giftFrom: "alice" });
  return gift.body.item.id;
}

async function waitingCount({ database }: TestV1): Promise<bigint> {
  const [row] = await database.db.query<{ count: bigint }>(
    `select count from newday.limit_counters where id = '["gifts waiting","bob"]'`,
  );
  return row?.count ?? 0n;
}

describe("H1: the receiver of gifts", () => {
  it("lists those that wait, and makes room by accepting or declining them", async () => {
    const v1 = await useV1();
    const given = await fill(v1);
    expect(given).toHaveLength(64);
    const as = await v1.login("bob");
    const waiting = await v1.call("GET", WAITING, { as });
    const ids = new Set(waiting.body.data.map(({ id }: { id: string }) => id));
    expect(ids).toEqual(new Set(given));
    expect(new Set(waiting.body.data.map((item: { giftFrom: string }) => item.giftFrom))).toEqual(
      new Set(GIVERS),
    );
    const accepted = await v1.call("POST", `/items/${given[0]}/accept`, { as, key: "a" });
    expect(accepted.body.item).toMatchObject({ userId: "bob", state: "owned", giftFrom: null });
    const declined = await v1.call("POST", `/items/${given[1]}/decline`, { as, key: "d" });
    expect(declined.body.item).toMatchObject({ userId: "giver-1", state: "owned", quantity: 1 });
    expect((await v1.call("GET", WAITING, { as })).body.data).toHaveLength(62);
    await give(v1);
    await give(v1);
    expect(await waitingCount(v1)).toBe(64n);
    for (const [path, key, first] of [
      [`/items/${given[0]}/accept`, "a", accepted],
      [`/items/${given[1]}/decline`, "d", declined],
    ] as const) {
      const again = await v1.call("POST", path, { as, key });
      expect(again.body).toEqual({ ...first.body, replayed: true });
    }
    const { body: history } = await v1.call("GET", `/items/${given[1]}/history`);
    expect(history.data.map(({ action }: { action: string }) => action)).toEqual([
      "decline",
      "gift",
    ]);
  });

  it("answers each gift once, and only the receiver does", async () => {
    const v1 = await useV1();
    const id = await give(v1);
    for (const userId of ["alice", "carol"]) {
      const as = await v1.login(userId);
      const foreign = await v1.call("POST", `/items/${id}/decline`, { as });
      expect([foreign.status, foreign.body.code]).toEqual([404, "item_not_found"]);
    }
    const as = await v1.login("bob");
    const answers = await Promise.all(
      ["accept", "decline", "accept"].map((answer) =>
        v1.call("POST", `/items/${id}/${answer}`, { as }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await waitingCount(v1)).toBe(0n);
    const own = await grant(v1, "bob", 1);
    const refused = await v1.call("POST", `/items/${own}/accept`, { as });
    expect([refused.status, refused.body.code]).toEqual([409, "gift_not_waiting"]);
  });

  it("accepts a stack once by acting on a part of it, and a platform's gift does not wait", async () => {
    const v1 = await useV1();
    const id = await give(v1);
    const body = { to: "carol", quantity: 1 };
    for (let n = 0; n < 2; n += 1) {
      expect((await v1.call("POST", `/items/${id}/gifts`, { body })).status).toBe(201);
      expect(await waitingCount(v1)).toBe(0n);
    }
    const trusted = await grant(v1, "alice", 1);
    const gift = await v1.call("POST", `/items/${trusted}/gifts`, { body: { to: "bob" } });
    expect(gift.body.item.giftFrom).toBeNull();
  });

  it("accepts gifts by crafting with them", async () => {
    const v1 = await useV1();
    const [one, two] = [await give(v1, 1), await give(v1, 1)];
    const { definitionId } = (await v1.call("GET", `/items/${one}`)).body;
    const inputs = [{ definitionId, quantity: 2 }];
    const outputs = [{ item: { name: "star", type: "special" }, quantity: 1 }];
    const recipe = { name: "star", inputs, prices: {}, outputs };
    expect((await v1.call("PUT", "/recipes/star", { body: recipe, key: null })).status).toBe(201);
    const crafted = await v1.call("POST", "/recipes/star/crafts", { body: { userId: "bob" } });
    expect(crafted.body.used.map(({ itemId }: { itemId: string }) => itemId)).toEqual([one, two]);
    expect(await waitingCount(v1)).toBe(0n);
  });
});
