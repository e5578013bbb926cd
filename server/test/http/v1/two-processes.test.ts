import { describe, expect, it } from "vitest";
import { composeServices } from "../../../src/compose.ts";
import { buildApp } from "../../../src/http/app.ts";
import { useV1 } from "./support.ts";

const PAY = { from: "alice", to: "bob", currency: "game_coins", amount: "100" };

describe("one key at two servers on one database", () => {
  it.each(["pg15", "pg18"] as const)(
    "moves the money once however often and wherever it is sent at once, on %s",
    async (server) => {
      const first = await useV1(server);
      const { config, build } = first.services;
      const second = await buildApp(composeServices(config, first.database.db, build));
      const headers = { authorization: `Bearer ${first.key}`, "idempotency-key": "once" };
      const url = "/api/v1/transfers";
      const sent = Array.from({ length: 40 }, (_, index) =>
        (index % 2 === 0 ? first.app : second).inject({
          method: "POST",
          url,
          headers,
          payload: PAY,
        }),
      );
      const replies = await Promise.all(sent);
      expect(new Set(replies.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
      const bodies = replies.map((reply) => reply.json<{ id: string; replayed: boolean }>());
      expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
      expect(bodies.filter(({ replayed }) => !replayed)).toHaveLength(1);
      const account = await first.call("GET", "/wallets/alice/accounts/game_coins");
      expect(account.body.balance).toBe("900");
      await second.close();
    },
  );

  it("belongs to its caller: the same key of another caller is another request", async () => {
    const { call, login } = await useV1();
    const as = await login("alice");
    const mine = await call("POST", "/transfers", { as, body: PAY, key: "k" });
    const theirs = await call("POST", "/transfers", { body: { ...PAY, amount: "1" }, key: "k" });
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });
});

describe("503", () => {
  it("serves nothing of the ledger before the legacy tables are adopted", async () => {
    const { useRepairedDatabase, useTestApp } = await import("../../support/app.ts");
    const { createPlatformKey } = await import("../../../src/identity/platform-keys.ts");
    const { app, database } = await useTestApp({ database: await useRepairedDatabase() });
    const wanted = { platform: "allinone", scopes: ["wallets:read"] };
    const { key } = await createPlatformKey(database.db, wanted);
    const headers = { authorization: `Bearer ${key}` };
    const reply = await app.inject({ url: "/api/v1/wallets/alice", headers });
    expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([503, "not_adopted"]);
    expect(reply.headers["retry-after"]).toBeDefined();
  });
});
