/** A database before adoption: what the old server gave is readable, and each write names its step. */
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/db/migrations.ts";
import { runAdoption } from "../support/adoption.ts";
import { useTestApp } from "../support/app.ts";
import {
  caller,
  INVENTORY,
  LIST,
  logInAsExternalUser,
  MARKET,
  PURCHASE,
} from "../support/market.ts";
import { useLegacyDatabase } from "../repair/legacy.ts";

const DROP = "alter table public.wallets drop constraint wallets_user_id_players_id_fk";
const SHARED = "/api/shared/marketplace";

async function useLegacyApp() {
  const database = await useLegacyDatabase("pg15");
  await migrate(database.db);
  const test = await useTestApp({ database });
  const [owner] = await database.db.query<{ id: string }>(
    `select user_id::text as id from public.user_inventories
      where user_id in (select id from public.players) group by 1 order by count(*) desc, 1 limit 1`,
  );
  const player = await logInAsExternalUser(test, owner?.id ?? "");
  return { ...database, player, visitor: caller(test, "visitor") };
}

describe("S1: before the adoption", () => {
  it("shows the market and the inventory of the legacy tables, as the ledger shows them later", async () => {
    const { db, player, visitor } = await useLegacyApp();
    const read = async () => ({
      market: (await visitor.get(MARKET)).body.items,
      filtered: (await visitor.get(`${MARKET}?sortBy=price_asc&limit=2&page=1`)).body.items,
      shared: (await visitor.get(SHARED)).body.items,
      inventory: (await player.get(INVENTORY)).body.items,
    });
    const whileKeyStands = await read();
    expect(whileKeyStands.market.length).toBeGreaterThan(0);
    expect(whileKeyStands.inventory.length).toBeGreaterThan(0);
    await db.query(DROP);
    const repaired = await read();
    expect(repaired).toEqual(whileKeyStands);
    await runAdoption(db);
    const adopted = await read();
    // The adoption adds the stock of the official shop, and merges what one purchase wrote twice.
    expect(adopted.market).toEqual(expect.arrayContaining(repaired.market));
    expect(repaired.inventory).toEqual(expect.arrayContaining(adopted.inventory));
  });

  it("refuses each write with the step that opens it", async () => {
    const { db, player } = await useLegacyApp();
    const offer = { name: "x", itemType: "weapon", price: { gameCoins: 5 } };
    const writes = [
      [LIST, offer],
      [PURCHASE, { itemId: "any", currencyType: "gameCoins" }],
      [
        "/api/allinone/inventory/add",
        { itemId: "n", name: "x", itemType: "weapon", rarity: "rare" },
      ],
      ["/api/allinone/market/transfer", { itemId: "any", targetPlatform: "allinone" }],
    ] as const;
    for (const [code, step, stepZh] of [
      ["REPAIR_DUE", "newday repair plan", "newday repair"],
      ["ADOPTION_DUE", "newday adopt", "newday adopt"],
    ]) {
      for (const [url, body] of writes) {
        const { status, body: answer } = await player.post(url, body);
        expect([url, status, answer.errorCode]).toEqual([url, 503, code]);
        expect(answer.errorDetail.remedy).toContain(step);
        expect(answer.errorDetail.remedyZh).toContain(step);
        expect(answer.message).toContain(stepZh);
      }
      if (code === "REPAIR_DUE") await db.query(DROP);
    }
  });
});
