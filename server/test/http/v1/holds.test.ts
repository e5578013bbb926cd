import { describe, expect, it } from "vitest";
import { useV1, type TestV1 } from "./support.ts";

const HOLD = { from: "alice", to: "bob", currency: "game_coins", amount: "300" };

async function available({ call }: TestV1): Promise<string> {
  return (await call("GET", "/wallets/alice/accounts/game_coins")).body.available;
}

describe("201", () => {
  it("reserves, captures in parts, and lets go of the rest", async () => {
    const v1 = await useV1();
    const { call } = v1;
    const hold = await call("POST", "/holds", { body: HOLD });
    expect(hold).toMatchObject({
      status: 201,
      body: { from: "alice", to: "bob", state: "open", remaining: "300", expiresAt: null },
    });
    expect(await available(v1)).toBe("700");
    const path = `/holds/${hold.body.id}`;
    const part = await call("POST", `${path}/captures`, { body: { amount: "100", final: false } });
    expect(part.body.entries[1]).toMatchObject({ userId: "bob", amount: "100" });
    expect(part.body.related).toBe(hold.body.id);
    expect((await call("GET", path)).body).toMatchObject({ captured: "100", remaining: "200" });
    const tooMuch = await call("POST", `${path}/captures`, { body: { amount: "201" } });
    expect([tooMuch.status, tooMuch.body.code]).toEqual([409, "capture_too_large"]);
    await call("POST", `${path}/captures`, { body: { amount: "50" } });
    expect((await call("GET", path)).body).toMatchObject({ state: "captured", remaining: "0" });
    expect(await available(v1)).toBe("850");
    const late = await call("POST", `${path}/captures`);
    expect([late.status, late.body.code]).toEqual([409, "hold_not_open"]);
  });

  it("voids a hold once", async () => {
    const v1 = await useV1();
    const { id } = (await v1.call("POST", "/holds", { body: HOLD })).body;
    const voided = await v1.call("POST", `/holds/${id}/void`);
    expect(voided).toMatchObject({ status: 201, body: { state: "voided", remaining: "0" } });
    expect(await available(v1)).toBe("1000");
    expect((await v1.call("POST", `/holds/${id}/void`)).body.code).toBe("hold_not_open");
  });

  it("replays the same hold under the same key", async () => {
    const v1 = await useV1();
    const first = await v1.call("POST", "/holds", { body: HOLD, key: "h1" });
    const second = await v1.call("POST", "/holds", { body: HOLD, key: "h1" });
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers["idempotency-replayed"]).toBe("true");
    expect(await available(v1)).toBe("700");
  });
});

describe("200", () => {
  it("lists the open holds of a wallet in pages that new holds do not shift", async () => {
    const { call, login } = await useV1();
    for (const amount of ["1", "2", "3"])
      await call("POST", "/holds", { body: { ...HOLD, amount } });
    const as = await login("alice");
    const first = await call("GET", "/wallets/alice/holds?limit=2", { as });
    expect(first.body.data.map((hold: { amount: string }) => hold.amount)).toEqual(["1", "2"]);
    const cursor = first.body.nextCursor;
    const second = await call("GET", `/wallets/alice/holds?limit=2&cursor=${cursor}`, { as });
    expect(second.body).toMatchObject({ data: [{ amount: "3" }], nextCursor: null });
    const foreign = await call("GET", `/wallets/bob/holds?limit=2&cursor=${cursor}`);
    expect([foreign.status, foreign.body.code]).toEqual([400, "invalid_cursor"]);
  });
});

describe("400, 404 and 422", () => {
  it("refuses an expiry that has passed", async () => {
    const { call } = await useV1();
    const body = { ...HOLD, expiresAt: "2020-01-01T00:00:00Z" };
    const reply = await call("POST", "/holds", { body });
    expect([reply.status, reply.body.field]).toEqual([400, "expiresAt"]);
  });

  it("refuses more than is available, and an unknown hold", async () => {
    const { call } = await useV1();
    const reply = await call("POST", "/holds", { body: { ...HOLD, amount: "1001" } });
    expect([reply.status, reply.body.code]).toEqual([422, "insufficient_funds"]);
    const unknown = await call("GET", "/holds/0198c0de-0000-7000-8000-000000000001");
    expect([unknown.status, unknown.body.code]).toEqual([404, "hold_not_found"]);
    expect((await call("GET", "/holds/nonsense")).status).toBe(400);
  });

  it("hides a hold on another user's money", async () => {
    const { call, login } = await useV1();
    const { id } = (await call("POST", "/holds", { body: HOLD })).body;
    expect((await call("GET", `/holds/${id}`, { as: await login("bob") })).status).toBe(404);
    expect((await call("GET", `/holds/${id}`, { as: await login("alice") })).status).toBe(200);
  });
});

describe("422 for a hold in favour of its own payer", () => {
  it("is the answer when it is made and when it is captured, and nothing is reserved", async () => {
    const v1 = await useV1();
    const own = await v1.call("POST", "/holds", { body: { ...HOLD, to: "alice" } });
    expect([own.status, own.body.code, own.body.field]).toEqual([422, "same_account", "to"]);
    expect(await available(v1)).toBe("1000");
    const { id } = (await v1.call("POST", "/holds", { body: HOLD })).body;
    const captured = await v1.call("POST", `/holds/${id}/captures`, { body: { to: "alice" } });
    expect([captured.status, captured.body.code]).toEqual([422, "same_account"]);
    expect(await available(v1)).toBe("700");
  });
});

describe("2.3 a refusal of the form", () => {
  it("leaves the key of a capture free", async () => {
    const { call } = await useV1();
    const { to: _payee, ...open } = HOLD;
    const { id } = (await call("POST", "/holds", { body: open })).body;
    const path = `/holds/${id}/captures`;
    const missing = await call("POST", path, { body: { amount: "60" }, key: "c1" });
    expect(missing).toMatchObject({ status: 400, body: { code: "missing_fields", field: "to" } });
    const body = { amount: "60", to: "bob" };
    const mended = await call("POST", path, { body, key: "c1" });
    expect(mended).toMatchObject({ status: 201 });
    const again = await call("POST", path, { body, key: "c1" });
    expect(again.body).toMatchObject({ id: mended.body.id, replayed: true });
  });

  it("leaves the key of a hold that is past free", async () => {
    const { call } = await useV1();
    const late = { ...HOLD, expiresAt: "2020-01-01T00:00:00Z" };
    const past = await call("POST", "/holds", { body: late, key: "h1" });
    expect(past).toMatchObject({ status: 400, body: { field: "expiresAt" } });
    expect((await call("POST", "/holds", { body: HOLD, key: "h1" })).status).toBe(201);
  });

  it("leaves the keys of a transfer and of an atomic bulk free", async () => {
    const { call } = await useV1();
    const transfer = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    const toHerself = { ...transfer, to: "alice" };
    const refused = await call("POST", "/transfers", { body: toHerself, key: "t1" });
    expect(refused.body.code).toBe("same_account");
    expect((await call("POST", "/transfers", { body: transfer, key: "t1" })).status).toBe(201);
    const bulk = (second: object) => ({ mode: "atomic", transfers: [transfer, second] });
    const group = { path: "/transfers/bulk", key: "g1" };
    const wrong = await call("POST", group.path, { body: bulk(toHerself), key: group.key });
    expect(wrong.body).toMatchObject({ posted: 0, refused: 2 });
    const right = await call("POST", group.path, { body: bulk(transfer), key: group.key });
    expect(right.body).toMatchObject({ posted: 2, refused: 0, replayed: false });
  });

  it("keeps a refusal of the ledger's state under its key", async () => {
    const { call } = await useV1();
    const much = { ...HOLD, amount: "1001" };
    expect((await call("POST", "/holds", { body: much, key: "h2" })).status).toBe(422);
    expect((await call("POST", "/holds", { body: HOLD, key: "h2" })).status).toBe(409);
  });
});
