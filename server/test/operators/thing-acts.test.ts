/** Acts on things: refunds, cancelled listings, confiscations and their return; coins and items stay counted. */
import { describe, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { grantStack, LIST, logIn, PURCHASE, type Caller } from "../support/market.ts";
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
  const test = await useTestApp();
  const owner = await useOwner(test);
  const lin = await useOperatorOf(test, owner, { login: "lin", role: "economist" });
  const mei = await useOperatorOf(test, owner, { login: "mei", role: "economist" });
  const sol = await useOperatorOf(test, owner, { login: "sol", role: "support" });
  return { test, owner, lin, mei, sol };
});

const codeOf = ({ status, body }: AdminReply) => body.code ?? status;

/** Asks for a confiscation, and has it approved. */
async function confiscate(userId: string, wanted: object): Promise<string> {
  const { lin, mei } = opened();
  const body = { ...wanted, reason: REASON };
  const asked = await lin.call("POST", `/users/${userId}/confiscations`, body, newKey());
  expect([userId, asked.status, asked.body.needsApproval]).toEqual([userId, 202, true]);
  const path = `/approvals/${asked.body.approval}/approval`;
  const done = await mei.call("POST", path, {}, newKey());
  expect(done.status).toBe(201);
  return done.body.transferId;
}

const giveBack = (by: OperatorBrowser, id: string, key = newKey()) =>
  by.call("POST", `/confiscations/${id}/return`, { reason: REASON }, key);

async function ownerOf(itemId: string) {
  const [row] = await opened().test.services.db.query<{ owner: string; state: string }>(
    "select owner_id as owner, state from newday.items where id = $1",
    [itemId],
  );
  return row && `${row.owner} ${row.state}`;
}

async function coinsOf(userId: string): Promise<string> {
  const body = { currency: "game_coins", amount: "1", reason: REASON };
  const path = `/users/${userId}/adjustments?dryRun=true`;
  return (await opened().mei.call("POST", path, body)).body.before.balance;
}

async function listed(user: Caller, itemId: string): Promise<string> {
  const offer = { itemId, name: "x", itemType: "consumable", price: { gameCoins: 100 } };
  return (await user.post(LIST, offer)).body.item.id;
}

describe("a confiscation", () => {
  it("takes items and coins into the holding place by a second person, and gives them back once", async () => {
    const { test, lin, mei } = opened();
    await logIn(test, "con-1");
    const itemId = await grantStack(test, "con-1", { quantity: 3 });
    const id = await confiscate("con-1", {
      items: [itemId],
      currency: "game_coins",
      amount: "400",
    });
    expect(await coinsOf("con-1")).toBe("600");
    expect(await ownerOf(itemId)).toBe("system:newday:escrow owned");
    const held = await mei.call("GET", "/confiscations?userId=con-1");
    expect(held.body.data).toMatchObject([
      {
        id,
        userId: "con-1",
        currency: "game_coins",
        amount: "400",
        items: [itemId],
        returnedAt: null,
      },
    ]);
    await expectSound(test.database.db);

    const key = newKey();
    const back = await giveBack(lin, id, key);
    expect(back.body).toMatchObject({ before: { status: "held" }, after: { status: "returned" } });
    expect((await giveBack(lin, id, key)).body).toEqual({ ...back.body, replayed: true });
    expect(codeOf(await giveBack(lin, id))).toBe("already_so");
    expect([await coinsOf("con-1"), await ownerOf(itemId)]).toEqual(["1000", "con-1 owned"]);
    const history = await test.services.db.query<{ action: string }>(
      "select action from newday.item_history where item_id = $1 order by version",
      [itemId],
    );
    expect(history.map(({ action }) => action)).toEqual(["grant", "confiscate", "give-back"]);
    const log = await mei.call("GET", "/acts?subject=con-1");
    expect(log.body.data).toMatchObject([{ what: "user confiscate", operator: "operator:lin" }]);
    await expectSound(test.database.db);
  });

  it("reaches a frozen user, and never below zero", async () => {
    const { test, sol, lin } = opened();
    await logIn(test, "con-2");
    await sol.call("POST", "/users/con-2/freezes", { reason: REASON }, newKey());
    const body = { currency: "game_coins", amount: "1001", reason: REASON };
    const path = "/users/con-2/confiscations";
    expect(codeOf(await lin.call("POST", path, body, newKey()))).toBe("insufficient_funds");
    const id = await confiscate("con-2", { currency: "game_coins", amount: "1000" });
    expect(await coinsOf("con-2")).toBe("0");
    expect((await giveBack(lin, id)).status).toBe(201);
  });

  it("names every item that it cannot take: listed, of another user, unknown", async () => {
    const { test, lin } = opened();
    const user = await logIn(test, "con-3");
    const [mine, inMarket] = [
      await grantStack(test, "con-3", { quantity: 1 }),
      await grantStack(test, "con-3", { quantity: 1 }),
    ];
    await logIn(test, "con-4");
    const others = await grantStack(test, "con-4", { quantity: 1 });
    await listed(user, inMarket);
    const body = { items: [mine, inMarket, others, "inv-none"], reason: REASON };
    const path = "/users/con-3/confiscations?dryRun=true";
    const refused = await lin.call("POST", path, body);
    expect(codeOf(refused)).toBe("item_in_escrow");
    expect(refused.body.detail).toContain(`${inMarket}: item_in_escrow`);
    expect(refused.body.detail).toContain(`${others}: item_not_found`);
    expect(refused.body.detail).toContain("inv-none: item_not_found");
    expect(await ownerOf(mine)).toBe("con-3 owned");
  });

  it("needs items or money, and an economist", async () => {
    const { test, lin, sol } = opened();
    await logIn(test, "con-5");
    const path = "/users/con-5/confiscations";
    for (const wish of [{}, { currency: "game_coins" }, { amount: "5" }]) {
      const reply = await lin.call("POST", path, { ...wish, reason: REASON }, newKey());
      expect([wish, codeOf(reply)]).toEqual([wish, "invalid_field"]);
    }
    const bySupport = await sol.call("POST", path, { reason: REASON }, newKey());
    expect(codeOf(bySupport)).toBe("role_missing");
  });
});

describe("a cancelled listing", () => {
  it("gives the item back to its seller, and is in the log", async () => {
    const { test, sol } = opened();
    const user = await logIn(test, "can-1");
    const itemId = await grantStack(test, "can-1", { quantity: 2 });
    const listingId = await listed(user, itemId);
    const path = `/listings/${listingId}/cancellation`;
    const done = await sol.call("POST", path, { reason: REASON }, newKey());
    expect(done.body).toMatchObject({ what: "listing cancel", after: { status: "removed" } });
    expect(await ownerOf(itemId)).toBe("can-1 owned");
    expect(codeOf(await sol.call("POST", path, { reason: REASON }, newKey()))).toBe(
      "item_not_available",
    );
    const log = await sol.call("GET", `/acts?subject=${listingId}`);
    expect(log.body.data).toMatchObject([
      { operator: "operator:sol", after: { status: "removed", userId: "can-1" } },
    ]);
    await expectSound(test.database.db);
  });
});

describe("a refund", () => {
  it("gives price and item back once, previewed, and is in the log", async () => {
    const { test, sol } = opened();
    const [seller, buyer] = [await logIn(test, "ref-1"), await logIn(test, "ref-2")];
    const itemId = await grantStack(test, "ref-1", { quantity: 1 });
    const listingId = await listed(seller, itemId);
    await buyer.post(PURCHASE, { itemId: listingId, currencyType: "gameCoins" });
    const [row] = await test.services.db.query<{ id: string }>(
      "select transfer_id as id from newday.purchases where listing_id = $1",
      [listingId],
    );
    const path = `/purchases/${row?.id}/refunds`;
    const paid = 1000n - BigInt(await coinsOf("ref-2"));
    const preview = await sol.call("POST", `${path}?dryRun=true`, { reason: REASON });
    expect(preview.body).toMatchObject({
      before: { quantityLeft: "1" },
      after: { quantityLeft: "0" },
    });
    const done = await sol.call("POST", path, { reason: REASON }, newKey());
    const { price, commission } = done.body.after;
    expect(BigInt(price) + BigInt(commission)).toBe(paid);
    expect([await coinsOf("ref-1"), await coinsOf("ref-2")]).toEqual(["1000", "1000"]);
    expect(await ownerOf(itemId)).toBe("ref-1 owned");
    expect(codeOf(await sol.call("POST", path, { reason: REASON }, newKey()))).toBe(
      "refund_too_large",
    );
    const log = await sol.call("GET", `/acts?subject=${encodeURIComponent(`${row?.id} (ref-2)`)}`);
    expect(log.body.data).toMatchObject([{ what: "purchase refund", reason: REASON }]);
    await expectSound(test.database.db);
  });
});
