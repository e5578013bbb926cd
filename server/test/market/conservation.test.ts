import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewDayError } from "../../src/errors/errors.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { cancelListing, closeExpiredListings } from "../../src/market/listings/cancel-listing.ts";
import { resolveListing, type ListRequest } from "../../src/market/listings/find-goods.ts";
import { listItem } from "../../src/market/listings/list-item.ts";
import { requireOffer } from "../../src/market/listings/offers.ts";
import { buyItem } from "../../src/market/purchases/buy-item.ts";
import { requirePosted } from "../../src/engine/outcome.ts";
import { findItemToMove, findItemToReturn } from "../../src/items/gifts/find-item-to-move.ts";
import { exportItem, giveItem, returnItem } from "../../src/items/gifts/move-item.ts";
import type { Services } from "../../src/http/context/services.ts";
import { importItem } from "../../src/items/imports/import-item.ts";
import { listOwnedItems } from "../../src/items/items/item-queries.ts";
import { useItem } from "../../src/items/use/use-item.ts";

const USERS = ["ann", "bob", "eve"] as const;

interface Step {
  readonly what: "import" | "list" | "buy" | "cancel" | "gift" | "export" | "return" | "use";
  readonly user: number;
  readonly other: number;
  readonly pick: number;
  readonly quantity: number;
  readonly price: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(
    "import",
    "list",
    "buy",
    "buy",
    "buy",
    "cancel",
    "gift",
    "export",
    "return",
    "use",
  ),
  user: fc.nat(2),
  other: fc.nat(2),
  pick: fc.nat(20),
  quantity: fc.integer({ min: 1, max: 4 }),
  price: fc.integer({ min: 1, max: 700 }),
});

const FACTS = {
  name: "生命药水",
  description: "",
  itemType: "consumable",
  rarity: "common",
  stats: null,
  icon: null,
  imageUrl: null,
} as const;

let imported = 0;

async function listingIds({ database }: TestApp): Promise<string[]> {
  const rows = await database.db.query<{ id: string }>(
    "select id from newday.listings where kind <> 'official' or pin < 4 order by listed_at desc, id",
  );
  return rows.map(({ id }) => id);
}

async function itemIds({ database }: TestApp, userId: string): Promise<string[]> {
  const rows = await database.db.query<{ id: string }>(
    "select id from newday.items where owner_id = $1 order by id",
    [userId],
  );
  return rows.map(({ id }) => id);
}

function at<T>(values: readonly T[], index: number): T | undefined {
  return values[index % Math.max(values.length, 1)];
}

const FIELDS = { listing: "itemId", currency: "currencyType" };

async function list(services: Services, asked: ListRequest) {
  const terms = { caller: `user:${asked.sellerId}` };
  const outcome = await listItem(services, () => resolveListing(services.db, asked), terms);
  return requirePosted(outcome).result.listingId;
}

async function buy(services: Services, buyerId: string, listingId: string, quantity: number) {
  const asked = {
    buyerId,
    isVerified: true,
    testBudget: null,
    listingId,
    quantity,
    currency: undefined,
    fields: FIELDS,
  };
  return requirePosted((await buyItem(services, asked, { caller: `user:${buyerId}` })).outcome);
}

async function cancel(services: Services, userId: string, listingId: string) {
  const { sellerId, itemId } = await requireOffer(services, listingId);
  const listing = { listingId, sellerId: sellerId === userId ? userId : "another", itemId };
  return requirePosted(await cancelListing(services, listing, { caller: `user:${userId}` }));
}

async function run(test: TestApp, { what, user, other, pick, quantity, price }: Step) {
  const { services } = test;
  const userId = USERS[user] ?? "ann";
  const itemId = at(await itemIds(test, userId), pick) ?? "none";
  const listingId = at(await listingIds(test), pick) ?? "none";
  const terms = { caller: `user:${userId}` };
  const leaving = async (to: { user: string } | { platform: string }) => ({
    userId,
    itemId: await findItemToMove(services, { userId, itemId, to }),
    quantity: BigInt(quantity),
  });
  switch (what) {
    case "import":
      imported += 1;
      return importItem(services, {
        ownerId: userId,
        externalId: `x${imported}`,
        source: "test",
        allinoneItemId: null,
        quantity,
        facts: FACTS,
        address: null,
      });
    case "list":
      return list(services, {
        ...FACTS,
        itemTypes: ["consumable"],
        sellerId: userId,
        sellerName: userId,
        platform: "newday",
        quantity,
        itemId: pick % 3 === 0 ? undefined : itemId,
        prices: { game_coins: BigInt(price) },
        expiresAt: undefined,
      });
    case "buy":
      return buy(services, userId, listingId, quantity);
    case "cancel":
      return cancel(services, userId, listingId);
    case "gift": {
      const recipientId = USERS[other] ?? "bob";
      const given = { recipientId, unsolicited: false };
      const gift = async () => ({ ...(await leaving({ user: recipientId })), ...given });
      return requirePosted(await giveItem(services, gift, terms));
    }
    case "export": {
      const to = { platform: "allinone" };
      const exported = async () => ({ ...(await leaving(to)), ...to });
      return requirePosted(await exportItem(services, exported, terms));
    }
    case "return": {
      const asked = { userId, itemId };
      const find = async () => ({ userId, itemId: await findItemToReturn(services.db, asked) });
      return requirePosted(await returnItem(services, find, terms));
    }
    case "use":
      return useItem(services, { userId, itemId, idempotencyKey: undefined });
  }
}

describe("any mix of operations", () => {
  it("creates and destroys no money and no item, whatever is refused and whatever runs at once", async () => {
    const test = await useTestApp();
    for (const user of USERS) await test.services.findOrOpenWallet(user);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
        async (rounds) => {
          for (const together of rounds) {
            const outcomes = await Promise.allSettled(together.map((one) => run(test, one)));
            for (const outcome of outcomes)
              if (outcome.status === "rejected") {
                const error: unknown = outcome.reason;
                expect(isNewDayError(error) && error.definition.status < 500, String(error)).toBe(
                  true,
                );
              }
          }
          await expectSound(test.database.db);
        },
      ),
      { numRuns: 12 },
    );
    const { db } = test.database;
    const kinds = await db.query("select distinct action from newday.item_history order by 1");
    expect(kinds.length).toBeGreaterThan(4);
    expect((await listOwnedItems(db, "ann")).every(({ quantity }) => quantity > 0n)).toBe(true);
  });

  it("gives back what was listed until a time that has passed, and sells it no more", async () => {
    const test = await useTestApp();
    const { services } = test;
    for (const user of USERS) await test.services.findOrOpenWallet(user);
    await run(test, { what: "import", user: 0, other: 1, pick: 0, quantity: 1, price: 1 });
    const listingId = await list(services, {
      ...FACTS,
      itemTypes: ["consumable"],
      sellerId: "ann",
      sellerName: "ann",
      platform: "newday",
      quantity: 1,
      itemId: undefined,
      prices: { game_coins: 5n },
      expiresAt: new Date(Date.now() + 60_000),
    });
    await test.database.db.query(
      "update newday.listings set expires_at = now() - interval '1 second' where id = $1",
      [listingId],
    );
    await expect(buy(services, "bob", listingId, 1)).rejects.toMatchObject({
      code: "item_not_available",
    });
    expect(await listOwnedItems(test.database.db, "ann")).toEqual([]);
    expect(await closeExpiredListings(services)).toBe(1);
    expect(await closeExpiredListings(services)).toBe(0);
    expect(await listOwnedItems(test.database.db, "ann")).toHaveLength(1);
    await expectSound(test.database.db);
  });

  it("gives back the others when an older one cannot be", async () => {
    const test = await useTestApp();
    const { services } = test;
    const { db } = test.database;
    for (const [index, user] of ["ann", "bob"].entries()) {
      await test.services.findOrOpenWallet(user);
      await run(test, { what: "import", user: index, other: 2, pick: 0, quantity: 1, price: 1 });
      await list(services, {
        ...FACTS,
        itemTypes: ["consumable"],
        sellerId: user,
        sellerName: user,
        platform: "newday",
        quantity: 1,
        itemId: undefined,
        prices: { game_coins: 5n },
        expiresAt: undefined,
      });
    }
    await db.query(
      `update newday.listings set expires_at = now() - interval '1 second'
        - case seller_id when 'ann' then interval '1 hour' else interval '0' end
        where seller_id in ('ann', 'bob')`,
    );
    await db.transaction(async (tx) => {
      await tx.query("set local session_replication_role = replica");
      await tx.query("delete from newday.items where owner_id = 'ann'");
    });
    await expect(closeExpiredListings(services)).rejects.toThrow("active without its item");
    expect(await listOwnedItems(db, "bob")).toHaveLength(1);
  });
});
