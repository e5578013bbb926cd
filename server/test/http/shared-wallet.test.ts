import { describe, expect, it } from "vitest";
import { useAdoptedDatabase, useRepairedDatabase, useTestApp } from "../support/app.ts";
import { useTestDatabase } from "../support/database.ts";

const path = (userId: string) => `/api/shared/wallet/${encodeURIComponent(userId)}`;

describe("200", () => {
  it.each(["pg15", "pg18"] as const)(
    "gives an external user a wallet of 1000 / 0 / 0 once, in every shape that clients read, on %s",
    async (server) => {
      const { app } = await useTestApp({ database: await useAdoptedDatabase({ server }) });
      const first = await app.inject(path("allinone-prod-test-123"));
      expect(first.statusCode).toBe(200);
      const body = first.json();
      const wallet = {
        gameCoins: 1000,
        cashBalance: 0,
        computingPower: 0,
        userId: "allinone-prod-test-123",
      };
      expect(body).toMatchObject({
        success: true,
        isNewWallet: true,
        ...wallet,
        wallet,
        data: wallet,
      });
      expect(body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(body.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      const second = (await app.inject(path("allinone-prod-test-123"))).json();
      expect(second).toEqual({ ...body, isNewWallet: false });
    },
  );

  it.each([
    ["adopted", useAdoptedDatabase],
    ["repaired, not yet adopted", useRepairedDatabase],
  ] as const)(
    "answers 200 parallel first calls with 200, one of them new, and leaves one row (%s)",
    async (_state, useDatabase) => {
      const { app, database } = await useTestApp({ database: await useDatabase() });
      const replies = await Promise.all(
        Array.from({ length: 200 }, () => app.inject(path("user-1769263347091"))),
      );
      expect(replies.map(({ statusCode }) => statusCode)).toEqual(Array(200).fill(200));
      expect(replies.filter((reply) => reply.json().isNewWallet)).toHaveLength(1);
      const rows = await database.db.query(
        "select game_coins::int as coins from public.wallets where user_id = $1",
        ["user-1769263347091"],
      );
      expect(rows).toEqual([{ coins: 1000 }]);
    },
  );

  it.each([
    "user-001",
    "platform-founder",
    "test_001",
    "test-user-id",
    "diagnostic-test-1769263347091",
    "8902a010-6360-4f59-a26d-c40095c8d3de",
    "User-ABC",
    "a",
    "x".repeat(255),
    "auth0|abc@x.org",
  ])("accepts the id %s", async (userId) => {
    const { app } = await useTestApp();
    expect((await app.inject(path(userId))).json()).toMatchObject({ success: true, userId });
  });
});

describe("400", () => {
  it.each([
    ["256 characters", "x".repeat(256)],
    ["a NUL", "a\u0000b"],
    ["a control character", "a\u0007b"],
    ["a slash", "a/b"],
    ["a path upwards", "../etc"],
    ["markup", "<b>"],
    ["a space", "a b"],
    ["a reserved name", "system"],
    ["a reserved name in capitals", "SYSTEM"],
    ["a reserved prefix", "system:mint"],
    ["a prototype", "__proto__"],
  ])("refuses an id with %s, names the rule and creates nothing", async (_what, userId) => {
    const { app, database } = await useTestApp();
    const reply = await app.inject(path(userId));
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({
      success: false,
      errorCode: "INVALID_USER_ID",
      errorDetail: { field: "userId", rule: expect.any(String), remedy: expect.any(String) },
    });
    expect(await database.db.query("select 1 from public.wallets")).toEqual([]);
  });

  it("refuses broken percent-encoding in JSON", async () => {
    const { app } = await useTestApp();
    const reply = await app.inject("/api/shared/wallet/%zz");
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ success: false });
  });
});

describe("503", () => {
  it("refuses an external user while the key stands, with a code and no SQL, and serves a player", async () => {
    const database = await useTestDatabase();
    await database.db.query("insert into public.players (id, nickname) values ('user-001', 'Ada')");
    const { app } = await useTestApp({ database });
    const other = await app.inject(path("allinone-prod-test-123"));
    expect(other.statusCode).toBe(503);
    expect(other.json()).toMatchObject({ errorCode: "REPAIR_DUE" });
    expect(other.body).not.toMatch(/insert into|select /i);
    expect((await app.inject(path("user-001"))).json()).toMatchObject({ gameCoins: 1000 });
    expect((await app.inject("/api/health")).json()).toMatchObject({
      status: "repair_due",
      repair: { due: true, walletForeignKeys: ["wallets_user_id_players_id_fk"] },
    });
  });

  it("serves the external user from the same server as soon as the key is gone", async () => {
    const database = await useTestDatabase();
    const { app } = await useTestApp({ database });
    expect((await app.inject(path("stranger"))).statusCode).toBe(503);
    await database.db.query(
      "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
    );
    expect((await app.inject(path("stranger"))).json()).toMatchObject({ isNewWallet: true });
  });
});
