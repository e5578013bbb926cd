import { describe, expect, it } from "vitest";
import { useV1, type TestV1 } from "./support.ts";

const PATH = "/wallets/alice/accounts/game_coins/statement";

async function pay({ call }: TestV1, amount: string, reference = `r${amount}`): Promise<void> {
  const body = { from: "alice", to: "bob", currency: "game_coins", amount, reference };
  await call("POST", "/transfers", { body });
}

describe("200", () => {
  it("pages through the entries, and a new entry shifts no page", async () => {
    const v1 = await useV1();
    for (const amount of ["1", "2", "3"]) await pay(v1, amount);
    const first = await v1.call("GET", `${PATH}?limit=2`);
    expect(first.body).toMatchObject({
      userId: "alice",
      currency: "game_coins",
      openingBalance: "0",
      closingBalance: "994",
      data: [
        { amount: "-3", balanceAfter: "994", counterparty: "bob", reference: "r3", version: "4" },
        { amount: "-2", balanceAfter: "997" },
      ],
    });
    await pay(v1, "4");
    const second = await v1.call("GET", `${PATH}?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({
      data: [
        { amount: "-1", balanceAfter: "999" },
        { amount: "1000", balanceAfter: "1000" },
      ],
      nextCursor: null,
    });
  });

  it("pages oldest first when asked, and a new entry comes last", async () => {
    const v1 = await useV1();
    for (const amount of ["1", "2"]) await pay(v1, amount);
    const first = await v1.call("GET", `${PATH}?sort=oldest&limit=2`);
    expect(first.body).toMatchObject({
      openingBalance: "0",
      closingBalance: "997",
      data: [{ amount: "1000", version: "1" }, { amount: "-1" }],
    });
    await pay(v1, "3");
    const { nextCursor } = first.body;
    const rest = await v1.call("GET", `${PATH}?sort=oldest&limit=2&cursor=${nextCursor}`);
    expect(rest.body).toMatchObject({
      data: [{ amount: "-2" }, { amount: "-3", version: "4" }],
      nextCursor: null,
    });
    const turned = await v1.call("GET", `${PATH}?limit=2&cursor=${nextCursor}`);
    expect(turned.body.code).toBe("invalid_cursor");
    const file = await v1.call("GET", `${PATH}/export?format=json&sort=oldest`);
    expect(file.body.data.map(({ version }: { version: string }) => version).join()).toBe(
      "1,2,3,4",
    );
  });

  it("exports the whole range as CSV and as JSON, and defuses formulas", async () => {
    const v1 = await useV1();
    await pay(v1, "1", '=cmd("x"), y');
    const csv = await v1.call("GET", `${PATH}/export?format=csv`);
    expect(csv.headers["content-type"]).toContain("text/csv");
    expect(csv.headers["x-closing-balance"]).toBe("999");
    const lines = String(csv.body).split("\r\n");
    expect(lines[0]).toBe(
      "version,recordedAt,effectiveAt,kind,amount,balanceAfter,counterparty,transferId,reference,unverified,test,reason,through",
    );
    expect(lines[1]).toMatch(/^2,.*,transfer,-1,999,bob,[0-9a-f-]{36},"'=cmd\(""x""\), y",,,,$/);
    expect(lines).toHaveLength(4);
    const json = await v1.call("GET", `${PATH}/export?format=json`, {
      as: await v1.login("alice"),
    });
    expect(json.body).toMatchObject({ openingBalance: "0", closingBalance: "999" });
    expect(json.body.data).toHaveLength(2);
  });

  it("B15: defuses formulas in wide signs, and marks a CSV as UTF-8 when asked", async () => {
    const v1 = await useV1();
    await pay(v1, "1", "＝1+1");
    const plain = await v1.call("GET", `${PATH}/export?format=csv`);
    expect(String(plain.body).split("\r\n")[1]).toMatch(/,'＝1\+1,,,,$/);
    expect(String(plain.body).startsWith("version,")).toBe(true);
    const marked = await v1.call("GET", `${PATH}/export?format=csv&bom=true`);
    expect(String(marked.body)).toBe(`\uFEFF${plain.body}`);
  });

  it("bounds a range by time, with the balances at its ends", async () => {
    const v1 = await useV1();
    await pay(v1, "1");
    await new Promise((resolve) => setTimeout(resolve, 20));
    const from = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pay(v1, "2");
    const reply = await v1.call("GET", `${PATH}?from=${from}`);
    expect(reply.body).toMatchObject({ openingBalance: "999", closingBalance: "997" });
    expect(reply.body.data).toHaveLength(1);
    const before = await v1.call("GET", `${PATH}?until=${from}`);
    expect(before.body).toMatchObject({ openingBalance: "0", closingBalance: "999" });
  });
});

describe("400 and 404", () => {
  it.each([
    ["cursor=AAAA", "invalid_cursor"],
    ["cursor=%00", "invalid_cursor"],
    ["limit=0", "invalid_field"],
    ["limit=201", "invalid_field"],
    ["limit=ten", "invalid_field"],
    ["from=yesterday", "invalid_field"],
    ["page=2", "invalid_field"],
    ["sort=asc", "invalid_field"],
  ])("refuses ?%s with %s", async (query, code) => {
    const { call } = await useV1();
    const reply = await call("GET", `${PATH}?${query}`);
    expect([reply.status, reply.body.code]).toEqual([400, code]);
  });

  it("refuses a cursor of other filters, or one that was edited", async () => {
    const v1 = await useV1();
    for (const amount of ["1", "2"]) await pay(v1, amount);
    const { nextCursor } = (await v1.call("GET", `${PATH}?limit=1`)).body;
    const filtered = `${PATH}?limit=1&from=2020-01-01T00:00:00Z&cursor=${nextCursor}`;
    expect((await v1.call("GET", filtered)).body.code).toBe("invalid_cursor");
    const edited = Buffer.from(nextCursor, "base64url").toString().replace(/\d"}$/, '9"}');
    const forged = Buffer.from(edited).toString("base64url");
    expect((await v1.call("GET", `${PATH}?cursor=${forged}`)).body.code).toBe("invalid_cursor");
  });

  it("hides another user's statement", async () => {
    const { call, login } = await useV1();
    for (const path of [PATH, `${PATH}/export?format=csv`])
      expect((await call("GET", path, { as: await login("bob") })).status).toBe(404);
  });
});
