/** SQL of the game's own table, which holds the price of an adventure's item. */
import type { Queryable } from "../../db/database.ts";
import { ITEM, type Item } from "../../items/items/item-queries.ts";

/** Prefix of that table's item ids. */
export const OFFERED_PREFIX = "adv-";
const PRICE = "greatest(a.price, 0)::bigint as price";

export type OfferedItem = Item & { readonly price: bigint };

/** The price of an offered item; undefined for a missing row or table. */
export async function findAdventurePrice(
  db: Queryable,
  itemId: string,
): Promise<bigint | undefined> {
  if (!(await hasAdventures(db))) return undefined;
  const [row] = await db.query<{ price: bigint }>(
    `select ${PRICE} from public.adventure_items a where a.id::text = $1`,
    [itemId.slice(OFFERED_PREFIX.length)],
  );
  return row?.price;
}

/** The offers of an adventure, or to a player: documents name either in this place. */
export async function listOfferedItems(
  db: Queryable,
  adventureOrPlayer: string,
): Promise<OfferedItem[]> {
  if (!(await hasAdventures(db))) return [];
  return db.query<OfferedItem>(
    `${ITEM.replace("select ", `select ${PRICE}, `)}
      join public.adventure_items a on i.id = '${OFFERED_PREFIX}' || a.id
      where i.state = 'offered' and (a.adventure_id::text = $1 or a.player_id::text = $1)
      order by a.created_at, a.id`,
    [adventureOrPlayer],
  );
}

async function hasAdventures(db: Queryable): Promise<boolean> {
  const [table] = await db.query<{ exists: boolean }>(
    "select to_regclass('public.adventure_items') is not null as exists",
  );
  return table?.exists ?? false;
}
