/** Items, listings and transfers at /api/admin: found as they were made, and each with all that belongs to it. */
import { describe, expect, it } from "vitest";
import { useV1 } from "../http/v1/support.ts";
import { namePattern } from "../../src/lib/name-pattern.ts";
import { findByName, type NamedPosition } from "../../src/operators/things/find-by-name.ts";
import { useOperatorOf, useOwner } from "../support/operator-browser.ts";
import { useTestDatabase } from "../support/database.ts";
import { share } from "../support/test-end.ts";

const opened = share(async () => {
  const v1 = await useV1();
  const owner = await useOwner(v1);
  const viewer = await useOperatorOf(v1, owner, { login: "vic", role: "viewer" });
  return { v1, viewer };
});

async function post(path: string, body: object) {
  const reply = await opened().v1.call("POST", path, { body });
  expect([path, reply.status, reply.body.code]).toEqual([path, 201, undefined]);
  return reply.body;
}

async function read(path: string) {
  const { status, body } = await opened().viewer.call("GET", path);
  expect([path, status, body.code]).toEqual([path, 200, undefined]);
  return body;
}

/** The ids of every page, each of `limit` at most. */
async function idsOf(path: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor = "";
  for (;;) {
    const mark = path.includes("?") ? "&" : "?";
    const page = await read(`${path}${mark}limit=${limit}${cursor && `&cursor=${cursor}`}`);
    expect(page.data.length).toBeLessThanOrEqual(limit);
    ids.push(...(page.data as { id: string }[]).map(({ id }) => id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor as string;
  }
}

const pay = (from: string, to: string, more: object = {}) =>
  post("/transfers", { from, to, currency: "game_coins", amount: "10", ...more });

describe("items", () => {
  it("are found by a part of the name, by id, by owner and by state", async () => {
    const made: string[] = [];
    for (const name of ["Moon Lamp", "moon lamp", "Old \u6708\u5149 Moon", "Sun"])
      made.push((await post("/items/grants", { userId: "alice", name, type: "tool" })).item.id);
    made.push((await post("/items/grants", { userId: "bob", name: "Moon", type: "tool" })).item.id);
    const [, , chinese, sun, ofBob] = made;
    for (const limit of [1, 2, 50]) {
      const found = await idsOf("/items?q=MOON", limit);
      expect(found.toSorted()).toEqual(made.filter((id) => id !== sun).toSorted());
    }
    expect(await idsOf(`/items?q=${encodeURIComponent("\u6708")}`, 5)).toEqual([chinese]);
    expect(await idsOf(`/items?q=${sun}`, 5)).toEqual([sun]);
    expect(await idsOf("/items?q=moon&userId=bob", 1)).toEqual([ofBob]);
    const ofAlice = made.slice(0, 4).toReversed();
    expect(await idsOf("/items?userId=alice", 1)).toEqual(ofAlice);
    expect(await idsOf("/items?q=moon&state=escrowed", 5)).toEqual([]);
    expect(await idsOf(`/items?userId=alice&q=${sun}&state=owned`, 5)).toEqual([sun]);
    expect(await idsOf("/items?q=no%20such%20item", 5)).toEqual([]);
  });

  it("are shown with owner, origin and every step of their history", async () => {
    const { item } = await post("/items/grants", { userId: "alice", name: "Harp", type: "tool" });
    await post(`/items/${item.id}/gifts`, { to: "bob" });
    expect(await read(`/items/${item.id}`)).toMatchObject({
      item: { id: item.id, userId: "bob", state: "owned" },
      owner: { userId: "bob", platform: "allinone" },
      mergedIds: [],
    });
    const first = await read(`/items/${item.id}/history?limit=1`);
    expect(first.data).toMatchObject([{ action: "gift", userId: "bob" }]);
    const rest = await read(`/items/${item.id}/history?cursor=${first.nextCursor}`);
    expect([rest.data[0], rest.nextCursor]).toMatchObject([
      { action: "grant", userId: "alice" },
      null,
    ]);
  });

  it("need a text or a user, and are named when they are unknown", async () => {
    const { viewer } = opened();
    const all = await viewer.call("GET", "/items");
    expect([all.status, all.body.code, all.body.field]).toEqual([400, "invalid_field", "q"]);
    for (const path of [
      "/items/none",
      "/items/none/history",
      "/listings/none",
      "/listings/none/purchases",
    ]) {
      const { status, body } = await viewer.call("GET", path);
      expect([path, status, body.field]).toEqual([path, 404, "id"]);
    }
  });
});

describe("listings", () => {
  it("are found in any status, and shown with seller, item and buyers", async () => {
    const listings: { id: string; itemId: string }[] = [];
    for (const name of ["Red Kite", "Blue Kite"]) {
      const grant = { userId: "carol", name, type: "tool", quantity: 3 };
      const { item } = await post("/items/grants", grant);
      listings.push(
        await post("/listings", { itemId: item.id, quantity: 3, prices: { game_coins: "5" } }),
      );
    }
    const [red, blue] = listings;
    await post("/purchases", { userId: "alice", listingId: red?.id, quantity: 1 });
    const bought = await post("/purchases", { userId: "bob", listingId: red?.id, quantity: 2 });
    expect(await idsOf("/listings?q=kite", 1)).toHaveLength(2);
    expect(await idsOf("/listings?q=kite&status=sold", 5)).toEqual([red?.id]);
    expect(await idsOf("/listings?sellerId=carol", 1)).toEqual([blue?.id, red?.id]);
    expect(await idsOf("/listings?sellerId=carol&q=RED&status=sold", 5)).toEqual([red?.id]);
    expect(await idsOf(`/listings?q=${blue?.id}`, 5)).toEqual([blue?.id]);
    expect(await idsOf("/listings?status=sold", 1)).toEqual([red?.id]);
    expect((await idsOf("/listings", 50)).slice(0, 2)).toEqual([blue?.id, red?.id]);

    expect(await read(`/listings/${red?.id}`)).toMatchObject({
      listing: { id: red?.id, status: "sold", sellerId: "carol" },
      seller: { userId: "carol" },
    });
    const buyers = await read(`/listings/${red?.id}/purchases`);
    expect(buyers.data).toMatchObject([
      { buyerId: "bob", quantity: 2, transferId: bought.transferId, name: "Red Kite" },
      { buyerId: "alice", quantity: 1 },
    ]);
    const first = await read(`/listings/${red?.id}/purchases?limit=1`);
    const second = await read(`/listings/${red?.id}/purchases?limit=1&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data]).toEqual(buyers.data);
    expect(await read(`/transfers/${bought.transferId}`)).toMatchObject({
      kind: "market_purchase",
      purchase: { listingId: red?.id, buyerId: "bob" },
      hold: null,
    });
  });
});

describe("transfers", () => {
  it("are found by id, reference, user, currency and time", async () => {
    const before = new Date(Date.now() - 1).toISOString();
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1)
      made.push((await pay("alice", "bob", { reference: "order-42" })).id);
    made.push((await pay("bob", "carol")).id);
    const [first, , third, ofBob] = made;
    const newest = made.toReversed();
    const since = `from=${encodeURIComponent(before)}`;
    expect(await idsOf(`/transfers?q=${third}`, 5)).toEqual([third]);
    const referenced = await idsOf("/transfers?q=order-42", 2);
    expect(referenced).toEqual(made.slice(0, 3).toSorted());
    expect(await idsOf("/transfers?q=order-42&userId=carol", 2)).toEqual([]);
    for (const limit of [1, 3, 50]) {
      expect(await idsOf(`/transfers?${since}`, limit)).toEqual(newest);
      expect(await idsOf(`/transfers?${since}&userId=bob&currency=game_coins`, limit)).toEqual(
        newest,
      );
    }
    expect(await idsOf(`/transfers?${since}&userId=carol`, 5)).toEqual([ofBob]);
    expect(await idsOf(`/transfers?${since}&currency=cash`, 5)).toEqual([]);
    expect(
      await idsOf(`/transfers?until=${encodeURIComponent(before)}&userId=bob`, 5),
    ).not.toContain(first);
    const all = await idsOf("/transfers", 200);
    expect(all.slice(0, 4)).toEqual(newest);
    expect(new Set(all).size).toBe(all.length);
    const [counted] = await opened().v1.services.db.query<{ count: bigint }>(
      "select count(distinct id) as count from newday.transfers",
    );
    expect(BigInt(all.length)).toBe(counted?.count);
  });

  it("are shown with who asked and why, what was given back, and their hold", async () => {
    const transfer = await pay("alice", "bob", { reason: "dinner", metadata: { table: 4 } });
    const refund = await post(`/transfers/${transfer.id}/refunds`, { amount: "4" });
    expect(await read(`/transfers/${transfer.id}`)).toMatchObject({
      by: "platform:allinone",
      reason: "dinner",
      metadata: { table: 4 },
      refusal: null,
      movements: [{ from: "alice", to: "bob", amount: "10", refunded: "4" }],
      relatedTransfers: [{ id: refund.id, kind: "refund" }],
      purchase: null,
    });
    const hold = await post("/holds", {
      from: "alice",
      to: "bob",
      currency: "game_coins",
      amount: "6",
    });
    const capture = await post(`/holds/${hold.id}/captures`, {});
    expect(await read(`/transfers/${capture.transferId ?? capture.id}`)).toMatchObject({
      related: hold.id,
      hold: { id: hold.id, from: "alice", state: "captured" },
    });
    const { status, body } = await opened().viewer.call(
      "GET",
      "/transfers/00000000-0000-7000-8000-000000000000",
    );
    expect([status, body.code]).toEqual([404, "transfer_not_found"]);
  });
});

/** Definitions with many rows, with few and with none, in each of which rows of a state are rare. */
it("reads every row of every matching definition once, however few a round reads", async () => {
  const { db } = await useTestDatabase();
  await db.query(
    `insert into newday.item_definitions (id, name, item_type, rarity)
      select md5(n::text)::uuid, case n % 3 when 0 then 'Kite ' else 'Lamp ' end || n, 'tool', 'common'
      from generate_series(1, 900) n`,
  );
  await db.query(
    `insert into newday.items (id, owner_id, definition_id, state, quantity, version, obtained_at)
      select 'inv-' || d || '-' || n, 'alice', md5(d::text)::uuid, case n % 9 when 8 then 'used' else 'owned' end, 1, 1, now()
      from generate_series(1, 900) d cross join generate_series(1, 40) n where n <= d % 7 * 5`,
  );
  const source = { name: "test", table: "newday.items", state: "state", exact: "select $1::text" };
  for (const [part, state] of [
    ["kite", undefined],
    ["KITE", "used"],
    ["inv-9-1", undefined],
  ] as const) {
    const found: string[] = [];
    let after: NamedPosition | undefined;
    do {
      const page = await findByName(db, source, { part, state, after, limit: 150 }, 200);
      found.push(...page.ids);
      after = page.next;
    } while (after !== undefined);
    const expected = await db.query<{ id: string }>(
      `select i.id from newday.items i join newday.item_definitions d on d.id = i.definition_id
        where (d.name collate "C" ~ $1 or i.id = $2) and ($3::text is null or i.state = $3)`,
      [namePattern(part), part, state ?? null],
    );
    expect(found.toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
  }
});
