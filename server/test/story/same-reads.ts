/** Before the adoption New Day shows what the old server shows: one player, and the whole market. */
import type { Screen } from "./screen.ts";
import { logIn, QUIET_PLAYER } from "./players.ts";
import type { StoryStage } from "./stage.ts";

interface Shown {
  readonly coins: number;
  readonly items: readonly string[];
  readonly market: readonly string[];
}

export async function compareReads(screen: Screen, stage: StoryStage): Promise<void> {
  const [old, ours] = [await readTables(stage), await readOurs(stage.base)];
  const differences = (["coins", "items", "market"] as const).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(ours[name]),
  );
  const differs = differences.length === 0 ? "" : ` ✗ ${differences.join(", ")}`;
  screen.box(differences.length === 0, {
    en: `New Day shows the wallet, the ${ours.items.length} items and the ${ours.market.length} listings that the old tables hold${differs}`,
    zh: `New Day 显示的钱包、${ours.items.length} 件道具与 ${ours.market.length} 条挂单与旧表一致${differs}`,
  });
}

/** With the old server's words: bought adventure items belong to a player, used ones are gone. */
async function readTables({ client }: StoryStage): Promise<Shown> {
  const [wallet] = await client.query<{ coins: number }>(
    'select "game_coins" as coins from "wallets" where "user_id" = $1',
    [QUIET_PLAYER],
  );
  const items = await client.query<{ id: string }>(
    `select 'inv-' || "id" as id from "user_inventories" where "user_id" = $1 and "quantity" > 0
      union all
      select 'adv-' || "id" from "adventure_items"
        where "player_id" = $1 and "is_purchased" and not "is_used"`,
    [QUIET_PLAYER],
  );
  const market = await client.query<{ id: string }>(
    `select "id" from "market_items" where "status" = 'active'`,
  );
  return { coins: wallet?.coins ?? -1, items: idsOf(items), market: idsOf(market) };
}

async function readOurs(base: string): Promise<Shown> {
  const token = await logIn(base, QUIET_PLAYER);
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await (await fetch(base + path, { headers })).json()) as {
      gameCoins: number;
      items: readonly { id: string }[];
    };
  };
  const { gameCoins } = await get(`/api/shared/wallet/${QUIET_PLAYER}`);
  const { items } = await get("/api/allinone/inventory");
  const market = await get("/api/allinone/market/list?limit=100");
  return { coins: gameCoins, items: idsOf(items), market: idsOf(market.items) };
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id).toSorted();
}
