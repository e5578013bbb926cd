import { describe, expect, it } from "vitest";
import { ADOPTION_PARTS } from "../../src/adoption/adoption-parts.ts";
import type { Database } from "../../src/db/database.ts";
import { pairDuplicates } from "../../src/adoption/duplicates.ts";
import { planAdoption } from "../../src/adoption/adopt.ts";
import { runAdoption, useAdoptedLegacy, useLegacy } from "../support/adoption.ts";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { CANCEL, INVENTORY, logIn, MARKET, PURCHASE, TRANSFER } from "../support/market.ts";

async function countOf(db: Database, query: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*)::int as n from ${query}`);
  return row?.n ?? -1;
}

/** Legacy players that AllinONE brought: they may log in without proof. Owners of items first. */
async function partners(db: Database): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select p.id from public.players p where p.preferences->>'platform' = 'allinone'
      order by (select count(*) from newday.items i where i.owner_id = p.id) desc, p.id`,
  );
  return rows.map(({ id }) => id);
}

describe.each(["pg15", "pg18"] as const)("adoption of items on %s", (server) => {
  it("takes every item once, merges what was written twice, and reports each pair", async () => {
    const { db, reports } = await useAdoptedLegacy(server);
    const [, items] = reports;
    expect(items?.report).toMatchObject({
      inventory: 420,
      adventure: 300,
      merged: 47,
      listings: 64,
      purchases: 300,
    });
    expect(await countOf(db, "newday.items")).toBe(720);
    expect(await countOf(db, "newday.item_merges")).toBe(47);
    expect(items?.report["merges"]).toHaveLength(47);
    await expectSound(db);
  });

  it("announces in a dry run what it will do, and does nothing", async () => {
    const { db } = await useLegacy(server);
    const [, plan] = await planAdoption(db, ADOPTION_PARTS);
    expect(plan?.report).toMatchObject({
      rows: { user_inventories: 420, adventure_items: 347 },
      duplicates: 47,
    });
    expect(await countOf(db, "newday.items")).toBe(0);
  });

  it("shows every user what he had: all of his own, nothing used, nothing unbought", async () => {
    const { database, db } = await useAdoptedLegacy(server);
    const owners = await db.query<{ owner: string; total: number }>(`select owner, count(*)::int
      as total from (
        select user_id as owner from public.user_inventories
        union all
        select a.player_id from public.adventure_items a
        where a.is_purchased and not a.is_used and not exists (
          select from public.user_inventories u where u.user_id = a.player_id
            and u.item_name = a.item_name and u.obtained_at = a.created_at)
      ) o group by owner order by 1`);
    const visible = await db.query<{ owner: string; total: number }>(
      `select owner_id as owner, count(*)::int as total from newday.items where state = 'owned'
        group by 1 order by 1`,
    );
    expect(visible).toEqual(owners);
    const test = await useTestApp({ database });
    const [partner] = await partners(db);
    const user = await logIn(test, partner ?? "");
    const { body } = await user.get(INVENTORY);
    expect(body.total).toBe(owners.find(({ owner }) => owner === partner)?.total ?? 0);
    expect(new Set(body.items.map(({ id }: { id: string }) => id)).size).toBe(body.total);
  });

  it("resolves an item by its prefixed id, its bare id, and the id of its merged duplicate", async () => {
    const { database, db } = await useAdoptedLegacy(server);
    const merges = await db.query<{ merged: string; item: string; owner: string }>(
      `select m.merged_id as merged, m.item_id as item, i.owner_id as owner
        from newday.item_merges m join newday.items i on i.id = m.item_id
        where i.quantity = 1 and i.owner_id = any($1) order by 1 limit 2`,
      [await partners(db)],
    );
    expect(merges.length).toBeGreaterThan(0);
    const test = await useTestApp({ database });
    for (const { merged, item, owner } of merges) {
      const user = await logIn(test, owner);
      const moved = await user.post(TRANSFER, { itemId: merged, targetPlatform: "allinone" });
      expect([moved.status, moved.body.item?.id]).toEqual([200, item]);
      const back = await user.post(TRANSFER, {
        itemId: item.replace("inv-", ""),
        targetPlatform: "newday",
      });
      expect([back.status, back.body.item?.id]).toEqual([200, item]);
    }
  });

  it("keeps listing ids, writes currencies one way, and puts the affordable stock first", async () => {
    const { database, db } = await useAdoptedLegacy(server);
    const spellings = await db.query("select distinct currency from newday.listings order by 1");
    expect(spellings).toEqual([{ currency: "cash" }, { currency: "game_coins" }]);
    const test = await useTestApp({ database });
    const user = await logIn(test, "user-of-allinone");
    const { body } = await user.get(MARKET);
    expect(body.items[0]).toMatchObject({
      id: "e55739af-d601-4a91-aad9-1ff5cb26f845",
      name: "放大镜",
      sellerId: null,
      sellerName: "New Day Game",
    });
    const bought = await user.post(PURCHASE, {
      itemId: body.items[0].id,
      currencyType: "gameCoins",
    });
    expect(bought).toMatchObject({ status: 200, body: { totalAmount: 25 } });
    expect(await countOf(db, "newday.listings where status = 'active'")).toBe(35 + 6);
    await expectSound(db);
  });

  it("takes type and rarity that a row does not have from its listing, or from one of its name", async () => {
    const { db } = await useLegacy(server);
    await db.query(`insert into public.market_items (id, name, category, rarity, price) values
      ('a', 'Lamp', 'tool', 'rare', 5), ('b', 'Lamp', 'pet', 'epic', 5), ('c', 'Rope', 'pet', 'rare', 5)`);
    await db.query(`insert into public.user_inventories (id, user_id, item_id, item_name, item_type,
        item_rarity) values
      ('own', 'user-001', 'b', 'Lamp', null, null), ('named', 'user-001', null, 'Lamp', null, null),
      ('told', 'user-001', 'b', 'Lamp', 'tool', null), ('other', 'user-001', 'c', 'Lamp', null, null),
      ('unknown', 'user-001', null, 'Nobody sells it', null, null)`);
    await runAdoption(db);
    const adopted = await db.query<{ id: string; itemType: string; rarity: string }>(
      `select i.id, d.item_type as "itemType", d.rarity from newday.items i
        join newday.item_definitions d on d.id = i.definition_id
        where i.id = any(array['inv-own', 'inv-named', 'inv-told', 'inv-other', 'inv-unknown'])
        order by 1`,
    );
    expect(adopted).toEqual([
      { id: "inv-named", itemType: "tool", rarity: "rare" },
      { id: "inv-other", itemType: "tool", rarity: "rare" },
      { id: "inv-own", itemType: "pet", rarity: "epic" },
      { id: "inv-told", itemType: "tool", rarity: "epic" },
      { id: "inv-unknown", itemType: "material", rarity: "common" },
    ]);
  });

  it("takes a database that never had a market", async () => {
    const { db } = await useLegacy(server);
    await db.query("drop table public.transactions, public.market_items cascade");
    const [, items] = await runAdoption(db);
    expect(items?.report).toMatchObject({ inventory: 420, listings: 0, purchases: 0 });
    await expectSound(db);
  });

  it("lets a seller cancel an adopted listing, and makes an old server's writes fail loudly", async () => {
    const { database, db } = await useAdoptedLegacy(server);
    const [listing] = await db.query<{ id: string; seller: string }>(
      `select id, seller_id as seller from newday.listings
        where status = 'active' and seller_id = any($1) order by 1 limit 1`,
      [await partners(db)],
    );
    const user = await logIn(await useTestApp({ database }), listing?.seller ?? "");
    expect(await user.post(CANCEL, { listingId: listing?.id })).toMatchObject({ status: 200 });
    await expect(
      db.query("update public.user_inventories set quantity = 9 where quantity = 1"),
    ).rejects.toThrow(/adopted by New Day/);
  });
});

describe("duplicates", () => {
  it("pairs each row at most once, the nearest in time first", () => {
    const both = { ownerId: "user-001", name: "能量饮料" };
    const pairs = pairDuplicates([
      { inventoryId: "i1", adventureId: "a1", milliseconds: 0, ...both },
      { inventoryId: "i1", adventureId: "a2", milliseconds: 5, ...both },
      { inventoryId: "i2", adventureId: "a1", milliseconds: 5, ...both },
      { inventoryId: "i2", adventureId: "a2", milliseconds: 9, ...both },
    ]);
    expect([...pairs.values()].map((pair) => [pair.adventureId, pair.inventoryId])).toEqual([
      ["a1", "i1"],
      ["a2", "i2"],
    ]);
  });
});
