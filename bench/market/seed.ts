/** Users with tokens and coins, and a market of player listings, all made through the engine. */
import { HOME_PLATFORM } from "../../server/src/identity/platforms/platform-ids.ts";
import { uuidv7 } from "uuidv7";
import type { Database } from "../../server/src/db/database.ts";
import type { ConnectionTarget } from "../../server/src/db/driver/direct-client.ts";
import { migrate } from "../../server/src/db/migrations.ts";
import { openSession } from "../../server/src/identity/sessions.ts";
import { ensureDefinition } from "../../server/src/items/items/definitions.ts";
import { requirePosted } from "../../server/src/engine/outcome.ts";
import type { PostingServices } from "../../server/src/ledger/wallets/posting-services.ts";
import { grantItemOperation } from "../../server/src/items/items/grant-item-operation.ts";
import { operationOf } from "../../server/src/engine/operation-type.ts";
import { listItem } from "../../server/src/market/listings/list-item.ts";
import { moveGameMoney } from "../../server/src/game/rewards/game-money.ts";
import { prepareOwnDatabase } from "../../server/src/adoption/prepare-own-database.ts";
import { openWallets } from "../../server/src/ledger/wallets/open-wallets.ts";

const BUYERS = 1_000;
const SELLERS = 500;
/** More than a run can buy. */
const STOCK = 1_000_000;
const COINS = 1_000_000n;
export const PRICE = 100;

export interface Seeded {
  readonly buyers: readonly { readonly userId: string; readonly token: string }[];
  readonly listings: readonly string[];
  readonly mint: bigint;
}

/** Migrates and adopts an empty database, then seeds it. */
export async function prepareMarket(
  db: Database,
  services: PostingServices,
  connection: ConnectionTarget,
): Promise<Seeded> {
  await migrate(db);
  await prepareOwnDatabase(db, services.engine, { connection, tool: "bench" });
  const seeded = await seed(db, services);
  await db.query("analyze");
  return seeded;
}

async function seed(db: Database, services: PostingServices): Promise<Seeded> {
  const buyers = names("buyer", BUYERS);
  const sellers = names("seller", SELLERS);
  await openWallets(services, [...buyers, ...sellers]);
  await Promise.all(buyers.map((userId) => fund(services, userId)));
  const tokens = await Promise.all(buyers.map((userId) => logIn(db, userId)));
  const definitionId = await ensureDefinition(db, {
    name: "生命药水",
    description: "",
    itemType: "consumable",
    rarity: "common",
    stats: null,
    icon: "potion",
    imageUrl: null,
  });
  const listings = await Promise.all(
    sellers.map((sellerId) => offer(services, sellerId, definitionId)),
  );
  return {
    buyers: buyers.map((userId, index) => ({ userId, token: tokens[index] ?? "" })),
    listings,
    mint: await services.directory.systemWallet(HOME_PLATFORM, "mint"),
  };
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

async function fund(services: PostingServices, userId: string): Promise<void> {
  await moveGameMoney(services, "reward", {
    userId,
    amounts: { game_coins: COINS },
    reason: "bench",
    gameId: null,
    idempotencyKey: undefined,
  });
}

async function logIn(db: Database, userId: string): Promise<string> {
  await db.query(
    `insert into newday.users (user_id, platform, external_id, display_name)
      values ($1, 'allinone', $1, $1)`,
    [userId],
  );
  return (await openSession(db, { userId, platform: "allinone", secretMark: null })).token;
}

async function offer(
  services: PostingServices,
  sellerId: string,
  definitionId: string,
): Promise<string> {
  const item = { id: `inv-${uuidv7()}`, ownerId: sellerId, definitionId, quantity: BigInt(STOCK) };
  const grant = operationOf(grantItemOperation, { item }, { caller: "bench" });
  requirePosted(await services.engine.submit(grant));
  const listed = await listItem(
    services,
    async () => ({
      goods: { item: { id: item.id, definitionId } },
      seller: { userId: sellerId, name: sellerId },
      platform: "allinone",
      prices: { game_coins: BigInt(PRICE) },
      quantity: STOCK,
      startsAt: null,
      endsAt: undefined,
      endField: "endsAt",
    }),
    { caller: `user:${sellerId}` },
  );
  return requirePosted(listed).result.listingId;
}
