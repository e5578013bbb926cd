import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { caller, importPotion, INVENTORY, logIn } from "../support/market.ts";
import { share } from "../support/test-end.ts";

const KEY = `nd_service_${"k".repeat(40)}`;
const ENV = { NEWDAY_SERVICE_KEYS: KEY };
const CALLS = [
  "/api/wallet/init",
  "/api/wallet/deduct",
  "/api/wallet/reward",
  "/api/adventures/items/use",
  "/api/adventures/items/use-skip",
  "/api/adventures/items/use-skip-game",
  "/api/adventures/revive",
  "/api/adventures/a1/items/i1/purchase",
];

describe("with a service key", () => {
  const shared = share(() => useTestApp({ env: ENV }));

  it("opens a wallet, rewards in both forms, deducts, and books each with its reason", async () => {
    const test = await useTestApp({ env: ENV });
    const game = caller(test, "game", KEY);
    expect((await game.post("/api/wallet/init", { userId: "p1" })).body).toMatchObject({
      success: true,
      isNewWallet: true,
      wallet: { gameCoins: 1000 },
    });
    const mirror = { userId: "p1", amount: 50, currency: "game_coins", reason: "quest 7" };
    expect((await game.post("/api/wallet/reward", mirror)).body).toMatchObject({ gameCoins: 1050 });
    const sdk = {
      userId: "p1",
      gameCoins: 5,
      computingPower: 3,
      diamonds: 0,
      reason: "win",
      gameId: "g1",
    };
    expect((await game.post("/api/wallet/reward", sdk)).body.balance).toMatchObject({
      gameCoins: 1055,
      computingPower: 3,
    });
    const deducted = await game.post("/api/wallet/deduct", {
      userId: "p1",
      amount: 55,
      currency: "NDC",
    });
    expect(deducted.body).toMatchObject({ success: true, gameCoins: 1000 });
    const rows = await test.database.db.query<{ reason: string }>(
      `select metadata->>'reason' as reason from newday.transfers
        where caller = 'game' and line = 0 order by recorded_at, reason`,
    );
    expect(new Set(rows.map(({ reason }) => reason))).toEqual(
      new Set(["quest 7", "win", "deduct"]),
    );
    await expectSound(test.database.db);
  });

  it("does a reward with a key once", async () => {
    const test = await useTestApp({ env: ENV });
    const game = caller(test, "game", KEY);
    const reward = { userId: "p1", amount: 50, currency: "gameCoins" };
    const key = { "idempotency-key": "quest-7" };
    await game.post("/api/wallet/reward", reward, key);
    expect((await game.post("/api/wallet/reward", reward, key)).body.gameCoins).toBe(1050);
    expect((await game.post("/api/wallet/reward", { ...reward, amount: 9 }, key)).status).toBe(409);
    const elsewhere = { ...reward, currency: "cash" };
    expect((await game.post("/api/wallet/reward", elsewhere, key)).status).toBe(409);
    const short = { userId: "p1", computingPower: 1, gameCoins: 1 };
    const other = { "idempotency-key": "quest-8" };
    for (let n = 0; n < 2; n += 1)
      expect((await game.post("/api/wallet/deduct", short, other)).body.errorCode).toBe(
        "INSUFFICIENT_BALANCE",
      );
  });

  it("uses items, skips with a bought card, and revives with a potion", async () => {
    const test = await useTestApp({ env: ENV });
    const game = caller(test, "game", KEY);
    const player = await logIn(test, "p1");
    const itemId = await importPotion(player, { quantity: 2 });
    const used = await game.post("/api/adventures/items/use", { playerId: "p1", itemId });
    expect(used).toMatchObject({ status: 200, body: { remaining: 1 } });
    expect((await game.post("/api/adventures/revive", { playerId: "p1" })).status).toBe(200);
    const again = await game.post("/api/adventures/items/use", { playerId: "p1", itemId });
    expect([again.status, again.body.errorCode]).toEqual([400, "ITEM_ALREADY_USED"]);
    expect((await game.post("/api/adventures/items/use-skip", { playerId: "p1" })).status).toBe(
      404,
    );
    const skip = await game.post("/api/adventures/items/use-skip-game", { playerId: "p1" });
    expect(skip.body.item).toMatchObject({ name: "任务跳过卡", status: "used" });
    expect((await player.get(INVENTORY)).body.total).toBe(0);
    expect((await game.get("/api/adventures/items?playerId=p1")).body.total).toBe(0);
    await expectSound(test.database.db);
  });

  it("shows what adventures offer to a player, and sells it to him once", async () => {
    const test = await useTestApp({ env: ENV });
    const { db } = test.database;
    const game = caller(test, "game", KEY);
    await test.services.findOrOpenWallet("p1");
    await db.query("insert into public.players (id, nickname) values ('p1', 'P')");
    await db.transaction(async (tx) => {
      await tx.query("set local session_replication_role = replica"); // as before adoption
      await tx.query(
        `insert into public.adventure_items (id, player_id, item_name, price)
          select 'a' || n, 'p1', 'lamp', 10 * n from generate_series(1, 3) n`,
      );
    });
    await db.query(
      `insert into newday.items (id, owner_id, definition_id, state, quantity, version, obtained_at)
        select 'adv-a' || n, 'p1', (select id from newday.item_definitions limit 1), 'offered', 1, 1,
          now() from generate_series(1, 3) n`,
    );
    const prices = async () => {
      const { body } = await game.get("/api/adventures/p1/items");
      // Found by test:fuzz: PostgreSQL stores no NUL.
      expect((await game.get("/api/adventures/a%00b/items")).status).toBe(400);
      return body.items.map(({ id, price }: Record<string, unknown>) => [id, price]);
    };
    expect(await prices()).toEqual([
      ["adv-a1", 10],
      ["adv-a2", 20],
      ["adv-a3", 30],
    ]);
    const bought = await game.post("/api/adventures/any/items/a2/purchase");
    expect(bought).toMatchObject({ status: 200, body: { price: 20 } });
    expect(await prices()).toEqual([
      ["adv-a1", 10],
      ["adv-a3", 30],
    ]);
    const again = await game.post("/api/adventures/any/items/adv-a2/purchase");
    expect(again.body.errorCode).toBe("ITEM_NOT_AVAILABLE");
    expect((await game.get("/api/shared/wallet/p1")).body.gameCoins).toBe(980);
  });

  it.each([
    [{ userId: "p1", amount: -100, currency: "gameCoins" }, "INVALID_PRICE"],
    [{ userId: "p1", amount: 1.5, currency: "gameCoins" }, "INVALID_PRICE"],
    [{ userId: "p1", amount: 1e9, currency: "gameCoins" }, "INVALID_PRICE"],
    [{ userId: "p1", amount: "1", currency: "gameCoins" }, "INVALID_PRICE"],
    [{ userId: "p1", amount: 1, currency: "oCoins" }, "INVALID_CURRENCY"],
    [{ userId: "p1", diamonds: 3 }, "INVALID_CURRENCY"],
    [{ userId: "p1", amount: 1, currency: "gameCoins", diamonds: 3 }, "INVALID_CURRENCY"],
    [{ userId: "p1" }, "MISSING_FIELDS"],
    [{ amount: 1, currency: "gameCoins" }, "MISSING_FIELDS"],
  ])("refuses %j with %s", async (body, code) => {
    const game = caller(shared(), "game", KEY);
    const reply = await game.post("/api/wallet/reward", body);
    expect([reply.status, reply.body.errorCode]).toEqual([400, code]);
  });

  it("burns no more than there is", async () => {
    const game = caller(shared(), "game", KEY);
    const reply = await game.post("/api/wallet/deduct", {
      userId: "p1",
      amount: 1001,
      currency: "gameCoins",
    });
    expect([reply.status, reply.body.errorCode]).toEqual([400, "INSUFFICIENT_BALANCE"]);
  });
});

describe("without one", () => {
  it("answers 401 without a key and to a wrong one, 403 to a user, and moves nothing", async () => {
    const test = await useTestApp({ env: ENV });
    const user = await logIn(test, "p1");
    const body = { userId: "p1", playerId: "p1", itemId: "x", amount: 5, currency: "gameCoins" };
    for (const url of CALLS) {
      expect([url, (await caller(test, "nobody").post(url, body)).status]).toEqual([url, 401]);
      const wrong = caller(test, "wrong", `nd_service_${"x".repeat(40)}`);
      expect([url, (await wrong.post(url, body)).status]).toEqual([url, 401]);
      expect([url, (await user.post(url, body)).status]).toEqual([url, 403]);
    }
    expect((await user.get("/api/shared/wallet/p1")).body.gameCoins).toBe(1000);
  });

  it("is closed to everybody when no key is configured", async () => {
    const game = caller(await useTestApp(), "game", KEY);
    for (const url of CALLS) expect([url, (await game.post(url, {})).status]).toEqual([url, 401]);
  });
});
