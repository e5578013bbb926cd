/** Own stock under concurrency: two processes on one database sell exactly the pieces that there are. */
import { describe, expect, it } from "vitest";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useTestApp } from "../support/app.ts";
import { callerOf, useV1 } from "../http/v1/support.ts";

const STOCK = {
  item: { name: "moon blade", type: "weapon" },
  price: { currency: "game_coins", amount: "10" },
};
const BUYERS = Array.from({ length: 24 }, (_, index) => `buyer-${index}`);
const PIECES = 9;

describe.each(["pg15", "pg18"] as const)("own stock on %s", (server) => {
  it("sells each piece once, and keeps a user's limits, at two processes at the same time", async () => {
    const test = await useV1(server);
    const second = await useTestApp({ database: test.database });
    const { call } = test;
    const calls = [call, callerOf(second, test.key)] as const;
    await openWallets(test.services, BUYERS);
    const sell = async (terms: object) =>
      (await call("POST", "/stock", { body: { ...STOCK, ...terms } })).body.id as string;
    const buyAtOnce = (listingId: string, buyers: readonly string[]) =>
      Promise.all(
        buyers.map((userId, index) => {
          const by = calls[index % 2 === 0 ? 0 : 1];
          const body = { userId, listingId, currency: "game_coins", price: "10" };
          return by("POST", "/purchases", { body });
        }),
      );

    const few = await sell({ stock: PIECES });
    const replies = await buyAtOnce(few, BUYERS);
    const codes = replies.map(({ status, body }) => (status === 201 ? "sold" : body.code));
    expect(codes.filter((code) => code === "sold")).toHaveLength(PIECES);
    expect(new Set(codes)).toEqual(new Set(["sold", "stock_sold_out"]));
    expect((await call("GET", `/stock/${few}`)).body).toMatchObject({ sold: PIECES, left: 0 });
    const fees = await call("GET", "/wallets/system:allinone:fees/accounts/game_coins");
    expect(fees.body.balance).toBe(`${PIECES * 10}`);

    const limited = await sell({ perUserLimit: 5, perDayLimit: 4 });
    const bob = await buyAtOnce(
      limited,
      Array.from({ length: 12 }, () => "bob"),
    );
    expect(bob.filter(({ status }) => status === 201)).toHaveLength(4);
    expect(new Set(bob.flatMap(({ body }) => body.code ?? []))).toEqual(
      new Set(["purchase_limit"]),
    );
    expect((await call("GET", `/stock/${limited}`)).body).toMatchObject({ sold: 4, left: null });
  });
});
