/** Acts of operators on a user: adjust, freeze, end sessions; each with its row in the log. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { logIn } from "../support/market.ts";
import { newKey, useOperatorOf, useOwner, type AdminReply } from "../support/operator-browser.ts";
import { share } from "../support/test-end.ts";

const REASON = "ticket 4711";

const opened = share(async () => {
  const test = await useTestApp();
  const owner = await useOwner(test);
  const economist = await useOperatorOf(test, owner, { login: "lin", role: "economist" });
  const support = await useOperatorOf(test, owner, { login: "sol", role: "support" });
  return { test, owner, economist, support };
});

async function logOf(subject: string) {
  const { body } = await opened().owner.call("GET", `/acts?subject=${subject}`);
  return body.data;
}

async function coinsOf(userId: string): Promise<string> {
  const { db } = opened().test.services;
  const [row] = await db.query<{ balance: bigint }>(
    `select a.balance from newday.accounts a join newday.ledger_wallets w on w.number = a.id >> 16
     where w.user_id = $1 and a.id & 65535 = 1`,
    [userId],
  );
  return `${row?.balance}`;
}

function adjust(userId: string, amount: string, headers = newKey(), query = "") {
  const body = { currency: "game_coins", amount, reason: REASON };
  return opened().economist.call("POST", `/users/${userId}/adjustments${query}`, body, headers);
}

function facts({ status, body }: AdminReply) {
  return [status, body.code, body.field].filter((fact) => fact !== undefined);
}

describe("an adjustment", () => {
  it("moves money and writes one row of the log, whether sent once or twice", async () => {
    const { test } = opened();
    await logIn(test, "adj-1");
    const key = newKey();
    const first = await adjust("adj-1", "250", key);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      what: "user adjust",
      subject: "adj-1",
      before: { currency: "game_coins", balance: "1000" },
      after: { currency: "game_coins", balance: "1250" },
      replayed: false,
      dryRun: false,
    });
    const again = await adjust("adj-1", "250", key);
    expect(again.body).toEqual({ ...first.body, replayed: true });
    expect(await coinsOf("adj-1")).toBe("1250");
    expect(await logOf("adj-1")).toMatchObject([
      {
        operator: "operator:lin",
        what: "user adjust",
        reason: REASON,
        before: { balance: "1000" },
        after: { balance: "1250", transferId: first.body.transferId },
      },
    ]);
    expect(facts(await adjust("adj-1", "251", key))).toEqual([409, "idempotency_conflict"]);
    await expectSound(test.database.db);
  });

  it("of two at once is posted once under one key", async () => {
    await logIn(opened().test, "adj-2");
    const key = newKey();
    const replies = await Promise.all([1, 2, 3].map(() => adjust("adj-2", "-400", key)));
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await coinsOf("adj-2")).toBe("600");
    expect(await logOf("adj-2")).toHaveLength(1);
  });

  it("shows before and after in a preview, which changes and logs nothing", async () => {
    await logIn(opened().test, "adj-3");
    const preview = await adjust("adj-3", "-1000", {}, "?dryRun=true");
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({
      before: { balance: "1000" },
      after: { balance: "0" },
      transferId: null,
      dryRun: true,
    });
    expect(facts(await adjust("adj-3", "-1001", {}, "?dryRun=true"))[1]).toBe("insufficient_funds");
    expect([await coinsOf("adj-3"), await logOf("adj-3")]).toEqual(["1000", []]);
  });

  it("is refused below zero, for a system, without key, reason or amount, and logs nothing", async () => {
    await logIn(opened().test, "adj-4");
    expect(facts(await adjust("adj-4", "-1001"))[1]).toBe("insufficient_funds");
    expect(facts(await adjust("adj-4", "0"))).toEqual([400, "invalid_amount", "amount"]);
    expect(facts(await adjust("adj-4", "1", {}))[1]).toBe("idempotency_key_required");
    expect(facts(await adjust("system:newday:mint", "1"))[1]).toBe("wallet_not_found");
    const { economist } = opened();
    const reasonless = { currency: "game_coins", amount: "1" };
    const reply = await economist.call("POST", "/users/adj-4/adjustments", reasonless, newKey());
    expect(facts(reply)).toEqual([400, "missing_fields", "reason"]);
    expect([await coinsOf("adj-4"), await logOf("adj-4")]).toEqual(["1000", []]);
  });

  it("counts a starter grant that is still to be posted", async () => {
    const { test } = opened();
    const { body } = await test.app
      .inject({
        method: "POST",
        url: "/api/allinone/auth/login",
        payload: { allinoneUserId: "adj-5", allinoneUsername: "five" },
      })
      .then((reply) => ({ body: reply.json() }));
    expect(body.token).toBeDefined();
    const taken = await adjust("adj-5", "-300");
    expect(taken.body).toMatchObject({ before: { balance: "1000" }, after: { balance: "700" } });
    expect(await coinsOf("adj-5")).toBe("700");
  });
});

describe("a freeze", () => {
  it("stops the user until an operator lifts it, and leaves the platform's alone", async () => {
    const { test, support } = opened();
    const user = await logIn(test, "frozen-1");
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const body = { reason: REASON, until };
    const set = await support.call("POST", "/users/frozen-1/freezes", body, newKey());
    expect(set.body).toMatchObject({
      what: "user freeze",
      before: null,
      after: { debits: true, credits: true, reason: REASON, until },
    });
    expect((await user.get("/api/allinone/inventory")).status).toBe(403);
    const again = await support.call("POST", "/users/frozen-1/freezes", body, newKey());
    expect(facts(again)[1]).toBe("already_so");
    const lifted = await support.call(
      "DELETE",
      "/users/frozen-1/freezes",
      { reason: "settled" },
      newKey(),
    );
    expect(lifted.body).toMatchObject({ what: "user unfreeze", after: null });
    expect((await user.get("/api/allinone/inventory")).status).toBe(200);
    const log = await logOf("frozen-1");
    expect(log.map(({ what }: { what: string }) => what)).toEqual(["user unfreeze", "user freeze"]);
  });

  it("that ends in the past is refused", async () => {
    const { test, support } = opened();
    await logIn(test, "frozen-2");
    const body = { reason: REASON, until: "2020-01-01T00:00:00Z" };
    const set = await support.call("POST", "/users/frozen-2/freezes", body, newKey());
    expect(facts(set)).toEqual([400, "invalid_field", "until"]);
  });
});

describe("the sessions of a user", () => {
  it("end with their row in the log; the user may sign in again", async () => {
    const { test, support } = opened();
    const user = await logIn(test, "sess-1");
    const second = await logIn(test, "sess-1");
    const path = "/users/sess-1/sessions";
    const preview = await support.call("DELETE", `${path}?dryRun=true`, { reason: REASON });
    expect(preview.body).toMatchObject({ before: { sessions: 2 }, after: { sessions: 0 } });
    expect((await user.get("/api/allinone/inventory")).status).toBe(200);
    const ended = await support.call("DELETE", path, { reason: REASON }, newKey());
    expect(ended.body).toMatchObject({ before: { sessions: 2 }, after: { sessions: 0 } });
    for (const session of [user, second])
      expect((await session.get("/api/allinone/inventory")).status).toBe(401);
    const third = await logIn(test, "sess-1");
    expect((await third.get("/api/allinone/inventory")).status).toBe(200);
    expect(await logOf("sess-1")).toHaveLength(1);
  });
});
