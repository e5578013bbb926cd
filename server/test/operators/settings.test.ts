/** Settings at /api/admin: by the use cases of the commands, previewed, once a key, and in the log. */
import { describe, expect, it } from "vitest";
import { useV1 } from "../http/v1/support.ts";
import { expectSound } from "../support/ledger.ts";
import {
  newKey,
  useOperatorOf,
  useOwner,
  type AdminReply,
  type OperatorBrowser,
} from "../support/operator-browser.ts";
import { share } from "../support/test-end.ts";

const REASON = "ticket 4711";

const opened = share(async () => {
  const v1 = await useV1();
  const owner = await useOwner(v1);
  const second = await useOperatorOf(v1, owner, { login: "bo", role: "owner" });
  const lin = await useOperatorOf(v1, owner, { login: "lin", role: "economist" });
  return { v1, owner, second, lin };
});

type Change = readonly ["POST" | "PUT" | "PATCH" | "DELETE", string, object];

const codeOf = ({ status, body }: Pick<AdminReply, "status" | "body">) => body.code ?? status;

const send = (by: OperatorBrowser, [method, path, body]: Change, key = newKey()) =>
  by.call(method, path, { reason: REASON, ...body }, key);

async function actsOn(subject: string): Promise<{ what: string; operator: string }[]> {
  const path = `/acts?subject=${encodeURIComponent(subject)}`;
  return (await opened().owner.call("GET", path)).body.data;
}

/**
 * A preview changes nothing; the change is there once under its key and answered again; another request under the
 * key is a conflict; the log has one row that names the operator.
 */
async function expectOneChange(by: OperatorBrowser, change: Change, subject: string) {
  const [method, path, body] = change;
  const before = await actsOn(subject);
  const preview = await by.call(method, `${path}?dryRun=true`, { reason: REASON, ...body });
  expect([path, preview.status, preview.body.dryRun]).toEqual([path, 200, true]);
  expect(await actsOn(subject)).toEqual(before);
  const key = newKey();
  const done = await send(by, change, key);
  expect([path, done.status, Object.keys(done.body.after ?? {})]).toEqual([
    path,
    201,
    Object.keys(preview.body.after ?? {}),
  ]);
  const { secret: _, ...shown } = done.body;
  expect((await send(by, change, key)).body).toEqual({ ...shown, replayed: true });
  const other = await by.call(method, path, { ...body, reason: "another" }, key);
  expect([path, other.body.code]).toEqual([path, "idempotency_conflict"]);
  const acts = await actsOn(subject);
  expect(acts).toHaveLength(before.length + 1);
  expect(acts[0]).toMatchObject({
    what: done.body.what,
    reason: REASON,
    before: done.body.before,
    ...(done.body.after === null ? {} : { after: done.body.after }),
  });
  return done.body;
}

describe("currencies", () => {
  it("are added, bounded and given minters by an economist; accounts follow", async () => {
    const { v1, lin } = opened();
    const gems = { code: "gems", scale: 2, minters: ["allinone"], maximum: "5000" };
    await expectOneChange(lin, ["POST", "/currencies", gems], "gems");
    const mint = (amount: string) =>
      v1.call("POST", "/mints", { body: { userId: "bob", currency: "gems", amount } });
    expect((await mint("4000")).status).toBe(201);
    expect(codeOf(await mint("2000"))).toBe("balance_limit");
    await expectOneChange(lin, ["PATCH", "/currencies/gems", { maximum: "6000" }], "gems");
    expect((await mint("2000")).status).toBe(201);
    const low = await send(lin, ["PATCH", "/currencies/gems", { maximum: "10" }]);
    expect([codeOf(low), low.body.field]).toEqual(["invalid_field", "bounds"]);
    await expectOneChange(lin, ["PUT", "/currencies/gems/minters/newday", {}], "gems");
    await expectOneChange(lin, ["DELETE", "/currencies/gems/minters/allinone", {}], "gems");
    expect((await mint("1")).status).toBe(403);
    const listed = await lin.call("GET", "/currencies");
    expect(listed.body.data).toContainEqual(
      expect.objectContaining({ code: "gems", scale: 2, maximum: "6000", minters: ["newday"] }),
    );
    await expectSound(v1.database.db);
  });

  it("are exchanged in pairs that open and close", async () => {
    const { lin } = opened();
    const rate = { numerator: "3", denominator: "2" };
    const path = "/exchange-pairs/cash/game_coins";
    await expectOneChange(lin, ["PUT", path, rate], "cash -> game_coins");
    const listed = await lin.call("GET", "/exchange-pairs");
    expect(listed.body.data).toContainEqual({ from: "cash", to: "game_coins", ...rate });
    await expectOneChange(lin, ["DELETE", path, {}], "cash -> game_coins");
    expect(codeOf(await send(lin, ["DELETE", path, {}]))).toBe("exchange_not_offered");
  });

  it("have budgets, which bind at once", async () => {
    const { v1, owner, lin } = opened();
    await send(lin, ["POST", "/currencies", { code: "gold", minters: ["allinone"] }]);
    const path = "/budgets/allinone/gold";
    const budget = { perDay: "100", total: null };
    await expectOneChange(lin, ["PUT", path, budget], "budget:allinone:gold");
    const body = { userId: "bob", currency: "gold", amount: "101" };
    expect(codeOf(await v1.call("POST", "/mints", { body }))).toBe("issuance_budget_exceeded");
    const listed = await owner.call("GET", "/budgets");
    expect(listed.body.data).toMatchObject([{ currency: "gold", perDay: "100", issued: "0" }]);
    await expectOneChange(lin, ["DELETE", path, {}], "budget:allinone:gold");
    expect((await v1.call("POST", "/mints", { body })).status).toBe(201);
    // A minter of now, whatever this server has cached of the currency.
    await send(lin, ["PUT", "/currencies/gold/minters/newday", {}]);
    const other = await send(lin, ["PUT", "/budgets/newday/gold", budget]);
    expect(other.status).toBe(201);
  });
});

describe("stock", () => {
  it("is put up for sale, changed and ended", async () => {
    const { v1, lin } = opened();
    const item = { name: "Lamp", type: "tool" };
    const price = { currency: "game_coins", amount: "5" };
    const wanted = { platform: "allinone", item, price, stock: 3 };
    const preview = await lin.call("POST", "/stock?dryRun=true", { reason: REASON, ...wanted });
    expect(preview.body).toMatchObject({ before: null, after: { price: "5", stock: 3 } });
    const key = newKey();
    const added = await send(lin, ["POST", "/stock", wanted], key);
    const id = added.body.subject as string;
    expect(added.body.after).toMatchObject({ id, platform: "allinone", status: "active" });
    expect((await send(lin, ["POST", "/stock", wanted], key)).body).toEqual({
      ...added.body,
      replayed: true,
    });
    const cheaper = { price: { ...price, amount: "4" }, version: "1" };
    await expectOneChange(lin, ["PATCH", `/stock/${id}`, cheaper], id);
    expect(codeOf(await send(lin, ["PATCH", `/stock/${id}`, cheaper]))).toBe("precondition_failed");
    const listed = await lin.call("GET", "/stock?platform=allinone");
    expect(listed.body.data).toMatchObject([{ id, name: "Lamp", price: { amount: "4" } }]);
    await expectOneChange(lin, ["PATCH", `/stock/${id}`, { status: "ended" }], id);
    expect((await actsOn(id)).map(({ what }) => what)).toEqual([
      "stock set",
      "stock set",
      "stock add",
    ]);
    await expectSound(v1.database.db);
  });
});

describe("platforms", () => {
  it("are added with a secret that is shown once, changed, suspended and resumed", async () => {
    const { owner, second } = opened();
    const wanted = { name: "luna", origins: ["https://luna.example"] };
    const added = await expectOneChange(owner, ["POST", "/platforms", wanted], "luna");
    expect(added.secret).toMatch(/^nd_secret_/);
    const wrong = await send(owner, ["PATCH", "/platforms/luna", { starterGrant: "5" }]);
    expect([codeOf(wrong), wrong.body.field]).toEqual(["invalid_field", "starterBudgetPerDay"]);
    const origins = { origins: [] };
    await expectOneChange(owner, ["PATCH", "/platforms/luna", origins], "luna");
    await expectOneChange(owner, ["POST", "/platforms/luna/suspension", {}], "luna");
    const shown = await second.call("GET", "/platforms/luna");
    expect(shown.body).toMatchObject({ status: "suspended", suspendedReason: REASON, origins: [] });
    await expectOneChange(owner, ["DELETE", "/platforms/luna/suspension", {}], "luna");
    const listed = JSON.stringify((await second.call("GET", "/platforms")).body);
    const log = JSON.stringify((await second.call("GET", "/acts?limit=200")).body);
    expect(`${listed}${log}`).not.toContain(added.secret.slice(10));
  });

  it("get a new secret, other proofs and keys by two people, the second of whom sees the secret", async () => {
    const { v1, owner, second } = opened();
    const changes: readonly Change[] = [
      ["POST", "/platforms/allinone/secret", { keepOldForSeconds: 60 }],
      ["PATCH", "/platforms/direct", { login: "none" }],
      ["POST", "/platform-keys", { platform: "allinone", scopes: ["wallets:read"], label: "new" }],
    ];
    for (const change of changes) {
      const key = newKey();
      const asked = await send(owner, change, key);
      expect([change[1], asked.status, asked.body.secret]).toEqual([change[1], 202, undefined]);
      expect((await send(owner, change, key)).body).toEqual({ ...asked.body, replayed: true });
      const path = `/approvals/${asked.body.approval}/approval`;
      expect(codeOf(await owner.call("POST", path, {}, newKey()))).toBe("approval_of_own");
      const preview = await second.call("POST", `${path}?dryRun=true`, {});
      expect(preview.body).toMatchObject({ dryRun: true, transferId: null });
      const by = newKey();
      const done = await second.call("POST", path, {}, by);
      const wantsSecret = change[0] === "POST";
      expect([change[1], done.status, typeof done.body.secret]).toEqual([
        change[1],
        201,
        wantsSecret ? "string" : "undefined",
      ]);
      const again = await second.call("POST", path, {}, by);
      expect(again.body).toMatchObject({ replayed: true, approval: asked.body.approval });
      expect(again.body.secret).toBeUndefined();
      expect(codeOf(await second.call("POST", path, {}, newKey()))).toBe("approval_decided");
      const rows = await actsOn(done.body.subject);
      expect(rows[0]).toMatchObject({ what: done.body.what, operator: "operator:ada" });
      if (!done.body.secret?.startsWith("nd_key_")) continue;
      const read = { as: done.body.secret as string };
      expect((await v1.call("GET", "/wallets/bob", read)).status).toBe(200);
      await expectOneChange(
        owner,
        ["POST", `/platform-keys/${done.body.subject}/revocation`, {}],
        done.body.subject,
      );
      expect((await v1.call("GET", "/wallets/bob", read)).status).toBe(401);
      const keys = await owner.call("GET", "/platform-keys?platform=allinone");
      expect(keys.body.data.at(-1)).toMatchObject({ label: "new", revokedAt: expect.any(String) });
    }
  });

  it("go on where an approval was interrupted, and change once", async () => {
    const { v1, owner, second } = opened();
    const { db } = v1.database;
    const asked = await send(owner, ["POST", "/platforms/newday/secret", {}]);
    const id = asked.body.approval as string;
    const path = `/approvals/${id}/approval`;
    expect((await second.call("POST", path, {}, newKey())).status).toBe(201);
    // As if the process had been killed behind the change.
    await db.query("update newday.approvals set status = 'approved' where id = $1", [id]);
    const again = await second.call("POST", path, {}, newKey());
    expect(again.body).toMatchObject({ replayed: true, what: "platform rotate-secret" });
    const rotated = (await actsOn("newday")).filter(
      ({ what }) => what === "platform rotate-secret",
    );
    expect(rotated).toHaveLength(1);
    const { body } = await second.call("GET", "/approvals?status=done&limit=1");
    expect(body.data).toMatchObject([{ id, decidedBy: "operator:bo" }]);
  });

  it("whose change is refused leave no approval, and an economist changes none", async () => {
    const { owner, lin } = opened();
    const unknown = await send(owner, ["POST", "/platforms/nowhere/secret", {}]);
    expect(codeOf(unknown)).toBe("invalid_field");
    const { body } = await owner.call("GET", "/approvals?status=pending");
    expect(body.data).toEqual([]);
    expect(codeOf(await send(lin, ["POST", "/platforms", { name: "mars" }]))).toBe("role_missing");
  });
});
