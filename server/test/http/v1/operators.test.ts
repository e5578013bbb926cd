/** Keys of operators: their scope beyond a platform's, and the calls closed to others. */
import { describe, expect, it } from "vitest";
import { createPlatformKey, endPlatformKey } from "../../../src/identity/platform-keys.ts";
import { scopesFor } from "../../../src/identity/scopes.ts";
import { share } from "../../support/test-end.ts";
import { useV1, type TestV1 } from "./support.ts";
import { BY_TEST } from "../../support/platforms.ts";

const COINS = "/wallets/alice/accounts/game_coins";
const GIVE = {
  userId: "alice",
  currency: "game_coins",
  amount: "25",
  reason: "工单 4711：重复扣款",
};

async function makeOperator({ database }: TestV1, scopes = scopesFor("operator")) {
  const wanted = { platform: "newday", role: "operator" as const, scopes, label: "on-call" };
  return createPlatformKey(database.db, wanted);
}

async function coins({ call }: TestV1): Promise<string> {
  return (await call("GET", COINS)).body.balance;
}

describe.each(["pg15", "pg18"] as const)("an operator's key on %s", (server) => {
  it("corrects a balance of any platform's user, with the reason and the key in the books", async () => {
    const v1 = await useV1(server);
    const { id, key: as } = await makeOperator(v1);
    const body = GIVE;
    const given = await v1.call("POST", "/adjustments", { as, body, key: "ticket-4711" });
    expect(given.status).toBe(201);
    expect(given.body).toMatchObject({ kind: "adjustment", result: { reason: GIVE.reason } });
    const again = await v1.call("POST", "/adjustments", { as, body, key: "ticket-4711" });
    expect(again.body).toMatchObject({ id: given.body.id, replayed: true });
    const taken = { ...GIVE, amount: "-30" };
    expect((await v1.call("POST", "/adjustments", { as, body: taken })).status).toBe(201);
    expect(await coins(v1)).toBe("995");
    const tooMuch = { ...GIVE, amount: "-996" };
    const refused = await v1.call("POST", "/adjustments", { as, body: tooMuch });
    expect([refused.status, refused.body.code]).toEqual([422, "insufficient_funds"]);
    const [row] = await v1.database.db.query(
      "select caller from newday.transfers where id = $1 and line = 0",
      [given.body.id],
    );
    expect(row).toEqual({ caller: `operator:${id}` });
    const [{ balance } = { balance: 0n }] = await v1.database.db.query<{ balance: bigint }>(
      `select a.balance from newday.accounts a join newday.ledger_wallets w on w.number = a.id >> 16
        where w.user_id = 'system:newday:adjustments'`,
    );
    expect(balance).toBe(5n);
  });

  it("mints, burns, freezes, closes and reopens for users of every platform", async () => {
    const v1 = await useV1(server);
    const { key: as } = await makeOperator(v1);
    const money = { userId: "alice", currency: "game_coins", amount: "7" };
    expect((await v1.call("POST", "/mints", { as, body: money })).status).toBe(201);
    expect((await v1.call("POST", "/burns", { as, body: money })).status).toBe(201);
    const frozen = { debits: true, credits: false };
    const freeze = await v1.call("POST", `${COINS}/freeze`, { as, body: frozen });
    expect(freeze.body).toMatchObject({ frozen, balance: "1000" });
    const pay = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    const stopped = await v1.call("POST", "/transfers", { body: pay });
    expect([stopped.status, stopped.body.code]).toEqual([403, "account_frozen"]);
    const thaw = { debits: false, credits: false };
    expect((await v1.call("POST", `${COINS}/freeze`, { as, body: thaw })).status).toBe(201);
    const cash = "/wallets/alice/accounts/cash";
    expect((await v1.call("POST", `${cash}/close`, { as })).body.closed).toBe(true);
    expect((await v1.call("POST", `${cash}/reopen`, { as })).body.closed).toBe(false);
    expect((await v1.call("GET", "/wallets/bob", { as })).body.platform).toBe("allinone");
  });
});

describe("B6: freezes and closings have owners", () => {
  const BOTH = { debits: true, credits: true };
  const DEBITS = { debits: true, credits: false };
  const CREDITS = { debits: false, credits: true };
  const NONE = { debits: false, credits: false };

  async function useBoth() {
    const v1 = await useV1();
    const { key: as } = await makeOperator(v1);
    const platform = (action: string, body = {}) => v1.call("POST", `${COINS}/${action}`, { body });
    const operator = (action: string, body = {}) =>
      v1.call("POST", `${COINS}/${action}`, { as, body });
    return { v1, platform, operator };
  }

  it("keeps a platform's freeze when an operator freezes another direction", async () => {
    const { v1, platform, operator } = await useBoth();
    await platform("freeze", DEBITS);
    const set = await operator("freeze", CREDITS);
    expect(set.body).toMatchObject({ frozen: BOTH, byOperator: true });
    expect(set.body.restrictedBy).toEqual({
      platform: { frozen: DEBITS, closed: false },
      operator: { frozen: CREDITS, closed: false },
    });
    const paid = await v1.call("POST", "/transfers", {
      body: { from: "alice", to: "bob", currency: "game_coins", amount: "1" },
    });
    expect([paid.status, paid.body.code]).toEqual([403, "account_frozen"]);
    expect((await platform("freeze", DEBITS)).status).toBe(201);
  });

  it("lets each side lift its own freeze only", async () => {
    const { platform, operator } = await useBoth();
    await platform("freeze", BOTH);
    await operator("freeze", BOTH);
    expect((await platform("freeze", NONE)).body).toMatchObject({ frozen: BOTH, byOperator: true });
    expect((await operator("freeze", NONE)).body).toMatchObject({
      frozen: NONE,
      byOperator: false,
    });
    await platform("freeze", DEBITS);
    expect((await operator("freeze", NONE)).body.frozen).toEqual(DEBITS);
    expect((await platform("freeze", NONE)).body.frozen).toEqual(NONE);
  });

  it("keeps a platform's freeze its own while an operator closes and reopens", async () => {
    const { v1, platform, operator } = await useBoth();
    const empty = (action: string, as?: string) =>
      v1.call("POST", `/wallets/alice/accounts/cash/${action}`, {
        ...(as === undefined ? {} : { as }),
        body: action === "freeze" ? DEBITS : {},
      });
    const { key } = await makeOperator(v1);
    await empty("freeze");
    await empty("close", key);
    expect((await empty("close")).body.closed).toBe(true);
    expect((await empty("reopen", key)).body).toMatchObject({ closed: true, byOperator: false });
    expect((await empty("reopen")).body).toMatchObject({ closed: false, frozen: DEBITS });
    expect((await platform("reopen")).status).toBe(201);
    expect((await operator("reopen")).status).toBe(201);
  });
});

describe("what only an operator may do", () => {
  const shared = share(() => useV1());

  it("is refused to a platform's key and to a user, and changes nothing", async () => {
    const v1 = await useV1();
    const platform = await v1.call("POST", "/adjustments", { body: GIVE });
    expect([platform.status, platform.body.code, platform.body.scope]).toEqual([
      403,
      "scope_missing",
      "adjust",
    ]);
    const as = await v1.login("alice");
    const user = await v1.call("POST", "/adjustments", { as, body: GIVE });
    expect([user.status, user.body.code]).toEqual([403, "forbidden"]);
    const { key: reader } = await makeOperator(v1, ["wallets:read"]);
    const narrow = await v1.call("POST", "/adjustments", { as: reader, body: GIVE });
    expect([narrow.status, narrow.body.scope]).toEqual([403, "adjust"]);
    expect((await v1.call("GET", COINS, { as: reader })).status).toBe(200);
    expect(await coins(v1)).toBe("1000");
  });

  it("ends with the key", async () => {
    const v1 = await useV1();
    const { id, key: as } = await makeOperator(v1);
    await endPlatformKey(v1.database.db, BY_TEST, id);
    const reply = await v1.call("POST", "/adjustments", { as, body: GIVE });
    expect([reply.status, reply.body.code]).toEqual([401, "invalid_token"]);
  });

  it("does not reach another platform with the key of New Day's own platform", async () => {
    const v1 = await useV1();
    const wanted = { platform: "newday", scopes: scopesFor("platform") };
    const { key: as } = await createPlatformKey(v1.database.db, wanted);
    expect((await v1.call("GET", "/wallets/alice", { as })).status).toBe(404);
    const mint = { userId: "alice", currency: "game_coins", amount: "7" };
    expect((await v1.call("POST", "/mints", { as, body: mint })).status).toBe(404);
    expect(await coins(v1)).toBe("1000");
  });

  it.each([
    [{ amount: "0" }, "amount"],
    [{ amount: "1.5" }, "amount"],
    [{ amount: 5 }, "amount"],
    [{ amount: "9999999999999999999" }, "amount"],
    [{ reason: "" }, "reason"],
    [{ reason: undefined }, "reason"],
    [{ reason: "<b>" }, "reason"],
    [{ userId: "nobody" }, "userId"],
    [{ currency: "gold" }, "currency"],
  ])("is refused with %j", async (wrong, field) => {
    const v1 = shared();
    const { key: as } = await makeOperator(v1);
    const reply = await v1.call("POST", "/adjustments", { as, body: { ...GIVE, ...wrong } });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(reply.body.field).toBe(field);
    expect(await coins(v1)).toBe("1000");
  });
});
