/** SQL of the game's own table, which still says what an adventure asks for an item. */
import type { Queryable } from "../db/database.ts";

export interface AdventurePrice {
  readonly itemId: string;
  readonly price: bigint;
}

/** By adventure, by player, or by the item's own id. Empty where the game's table is not. */
export async function findAdventurePrices(db: Queryable, id: string): Promise<AdventurePrice[]> {
  const [table] = await db.query<{ exists: boolean }>(
    "select to_regclass('public.adventure_items') is not null as exists",
  );
  if (!table?.exists) return [];
  return db.query<AdventurePrice>(
    `select 'adv-' || a.id as "itemId", greatest(a.price, 0)::bigint as price
      from public.adventure_items a
      where a.adventure_id::text = $1 or a.player_id::text = $1 or 'adv-' || a.id = $1
      order by a.created_at, a.id`,
    [id],
  );
}
