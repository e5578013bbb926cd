/** Refunds under concurrency: two processes on one database never give back more than was paid. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { callerOf, useV1, type TestV1 } from "../http/v1/support.ts";

const GRANT = { userId: "alice", name: "potion", type: "consumable", rarity: "common" };

type Call = TestV1["call"];

async function useTwoProcesses(server: "pg15" | "pg18") {
  const test = await useV1(server);
  const second = await useTestApp({ database: test.database });
  const calls: readonly [Call, Call] = [test.call, callerOf(second, test.key)];
  return { ...test, calls };
}

async function buy(call: Call, { quantity, price }: { quantity: number; price: number }) {
  const granted = await call("POST", "/items/grants", { body: { ...GRANT, quantity } });
  const prices = { game_coins: `${price}` };
  const listing = { itemId: granted.body.item.id, quantity, prices };
  const listed = await call("POST", "/listings", { body: listing });
  const body = { userId: "bob", listingId: listed.body.id, quantity };
  const bought = (await call("POST", "/purchases", { body })).body;
  return {
    refund: `/purchases/${bought.transferId}/refunds`,
    item: `/items/${bought.itemId}`,
    itemId: bought.itemId as string,
    total: BigInt(bought.total),
  };
}

const coinsOf = async (call: Call, userId: string) =>
  BigInt((await call("GET", `/wallets/${userId}/accounts/game_coins`)).body.balance);

const ACTION = fc.oneof(
  fc.record({
    kind: fc.constant("refund" as const),
    quantity: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    ifItemGone: fc.constantFrom("refuse" as const, "money_only" as const),
  }),
  fc.record({ kind: fc.constant("give" as const), quantity: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant("list" as const), quantity: fc.integer({ min: 1, max: 2 }) }),
);

describe.each(["pg15", "pg18"] as const)("Refunds of purchases on %s", (server) => {
  it("sum up to what was paid at most, in whatever order and batch", async () => {
    const { calls } = await useTwoProcesses(server);
    const [call] = calls;
    const purchase = fc.record({
      quantity: fc.integer({ min: 1, max: 7 }),
      price: fc.integer({ min: 1, max: 37 }),
    });
    const actions = fc.array(ACTION, { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(purchase, actions, async (bought, wanted) => {
        const { refund, item, itemId, total } = await buy(call, bought);
        const before = await coinsOf(call, "bob");
        const replies = await Promise.all(
          wanted.map(({ kind, ...action }, at) => {
            const by = calls[at % 2 === 0 ? 0 : 1];
            if (kind === "refund") return by("POST", refund, { body: action });
            const { quantity } = action;
            if (kind === "give")
              return by("POST", `${item}/gifts`, { body: { to: "carol", quantity } });
            const prices = { game_coins: "1" };
            return by("POST", "/listings", { body: { itemId, quantity, prices } });
          }),
        );
        expect(replies.filter(({ status }) => status >= 500)).toEqual([]);
        const given = replies.flatMap(({ status, body }) =>
          status === 201 && "commissionFrom" in body ? [BigInt(body.total)] : [],
        );
        const refunded = given.reduce((sum, one) => sum + one, 0n);
        expect((await coinsOf(call, "bob")) - before).toBe(refunded);
        expect(refunded).toBeLessThanOrEqual(total);
        const rest = await call("POST", refund, { body: { ifItemGone: "money_only" } });
        expect((await coinsOf(call, "bob")) - before).toBe(total);
        expect(rest.status === 201 || rest.body.code === "refund_too_large").toBe(true);
      }),
      { numRuns: 4 },
    );
  });

  it("give a whole purchase back once, by two processes at the same time", async () => {
    const { calls } = await useTwoProcesses(server);
    const [call] = calls;
    for (let round = 0; round < 3; round += 1) {
      const { refund } = await buy(call, { quantity: 1, price: 10 });
      const replies = await Promise.all(calls.map((by) => by("POST", refund, { body: {} })));
      expect(replies.map(({ status }) => status)).toEqual(expect.arrayContaining([201, 409]));
    }
  });

  it("take the item or leave it to its resale, never both", async () => {
    const { calls } = await useTwoProcesses(server);
    const [call, other] = calls;
    for (let round = 0; round < 3; round += 1) {
      const { refund, itemId } = await buy(call, { quantity: 1, price: 10 });
      const body = { itemId, quantity: 1, prices: { game_coins: "1" } };
      const [refunded, listed] = await Promise.all([
        call("POST", refund, { body: {} }),
        other("POST", "/listings", { body }),
      ]);
      const owner = (await call("GET", `/items/${itemId}`)).body;
      if (refunded.status === 201) expect(owner).toMatchObject({ userId: "alice" });
      else expect(refunded.body.code).toBe("item_gone");
      // A listing behind the refund is alice's own then, by the platform's key.
      expect(refunded.status === 201 || listed.status === 201).toBe(true);
    }
  });
});
