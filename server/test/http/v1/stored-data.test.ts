/** What is committed can be told: by the reply, its replay, the transfer, the statement and its export. */
import { describe, expect, it } from "vitest";
import { transferMoney } from "../../../src/ledger/transfers/transfer-money.ts";
import { accountOf } from "../../../src/ledger/wallets/wallet-accounts.ts";
import { useV1, type TestV1 } from "./support.ts";

const TRANSFER = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };

function bodyWith(number: string): string {
  return `${JSON.stringify(TRANSFER).slice(0, -1)},"metadata":{"x":${number}}}`;
}

async function balanceOf({ call }: TestV1, userId: string): Promise<string> {
  return (await call("GET", `/wallets/${userId}/accounts/game_coins`)).body.balance;
}

describe("B1: a number that storing would change is refused by its path", () => {
  it.each(["1e400", "1546130668394913822", "0.10000000000000000001"])("%s", async (number) => {
    const v1 = await useV1();
    const refused = await v1.call("POST", "/transfers", { body: bodyWith(number), key: "k1" });
    expect([refused.status, refused.body.field]).toEqual([400, "metadata.x"]);
    expect(await balanceOf(v1, "alice")).toBe("1000");
    const mended = await v1.call("POST", "/transfers", { body: bodyWith("7"), key: "k1" });
    expect([mended.status, mended.body.metadata]).toEqual([201, { x: 7 }]);
    const next = await v1.call("POST", "/transfers", { body: bodyWith("8"), key: "k1" });
    expect(next.status).toBe(409);
  });

  it("names the rule that 0.1 in metadata breaks", async () => {
    const { call } = await useV1();
    const reply = await call("POST", "/transfers", { body: bodyWith("0.1") });
    expect([reply.status, reply.body.field]).toEqual([400, "metadata.x"]);
    expect(reply.body.detail).toMatch(/whole number.*boolean.*text/);
  });

  it("names the place in a bulk", async () => {
    const { call } = await useV1();
    const body = `{"mode":"independent","transfers":[${JSON.stringify(TRANSFER)},${bodyWith("1e400")}]}`;
    const reply = await call("POST", "/transfers/bulk", { body });
    expect([reply.status, reply.body.field]).toEqual([400, "transfers.1.metadata.x"]);
  });
});

describe("B1: data that the schema of a reply rejects is told as plain JSON", () => {
  it("in the transfer, both statements and the exports", async () => {
    const { call, services } = await useV1();
    const { directory } = services;
    const currency = await directory.currency(TRANSFER.currency);
    const accountNamed = async (userId: string) => {
      const wallet = await directory.findWallet(userId);
      if (!wallet) throw new Error(`${userId} has no wallet`);
      return accountOf(wallet, currency);
    };
    const pair = { from: await accountNamed("alice"), to: await accountNamed("bob") };
    // As a release stored it that read 1e400 as Infinity.
    const metadata = { x: null, list: [0.5], more: { deep: true } };
    const { outcome } = await transferMoney(
      services,
      { ...pair, amount: 1n },
      { caller: "allinone", metadata },
    );
    const found = await call("GET", `/transfers/${outcome.transferId}`);
    expect([found.status, found.body.metadata]).toEqual([200, metadata]);
    for (const userId of ["alice", "bob"]) {
      const path = `/wallets/${userId}/accounts/game_coins/statement`;
      const statement = await call("GET", path);
      expect([statement.status, statement.body.data[0].metadata]).toEqual([200, metadata]);
      const file = await call("GET", `${path}/export?format=json`);
      expect([file.status, file.body.data[0].metadata]).toEqual([200, metadata]);
      expect((await call("GET", `${path}/export?format=csv`)).status).toBe(200);
    }
  });
});
