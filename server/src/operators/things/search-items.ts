/** The search for items: by a part of their name or a whole id, of all users or of one. */
import type { Queryable } from "../../db/database.ts";
import { namePattern } from "../../lib/name-pattern.ts";
import { listItemsById, type Item } from "../../items/items/item-queries.ts";
import type { ItemState } from "../../items/items/item-rows.ts";
import {
  findByName,
  type FoundPage,
  type NamedPosition,
  type NamedSource,
} from "./find-by-name.ts";
import { behind, findNewest, type TimedPosition, type TimedSource } from "./find-newest.ts";
import { orderById } from "./order-by-id.ts";

/** A platform may give many users an item of one id: with more, the search wants the user, too. */
const SAME_ID_MAX = 1_000;

/** As `idForms`, of the text `$1`; duplicates that an adoption merged are found as what they became. */
const EXACT = `select id from newday.items where id in ($1, 'inv-' || $1, 'adv-' || $1)
  union select item_id from newday.item_merges
    where merged_id in ($1, 'inv-' || $1, 'adv-' || $1) and unmerged_transfer_id is null
  union (select id from newday.items where external_id = $1 limit ${SAME_ID_MAX})
  union (select id from newday.items where allinone_item_id = $1 limit ${SAME_ID_MAX})`;

const ITEMS: NamedSource = {
  name: "items",
  table: "newday.items",
  state: "state",
  exact: EXACT,
};

const OF_OWNER: TimedSource = {
  name: "items",
  rows: `select obtained_at as at, id, definition_id, state, external_id, allinone_item_id from newday.items
    where owner_id = $1 and ${behind("obtained_at")} order by obtained_at desc, id desc limit $4`,
  matches: `($6::text is null or c.state = $6)
    and ($7::text is null or c.id in ($8, 'inv-' || $8, 'adv-' || $8) or c.external_id = $8 or c.allinone_item_id = $8
      or exists (select from newday.item_definitions d where d.id = c.definition_id and d.name collate "C" ~ $7))`,
};

const ROWS_READ = 5_000;

export interface ItemSearch {
  readonly state: ItemState | undefined;
  readonly limit: number;
}

/** Those that the text names as a whole come first. */
export async function searchItems(
  db: Queryable,
  wanted: ItemSearch & { readonly part: string; readonly after: NamedPosition | undefined },
): Promise<FoundPage<NamedPosition> & { readonly items: readonly Item[] }> {
  const found = await findByName(db, ITEMS, wanted);
  return { ...found, items: await readItems(db, found.ids) };
}

/** Newest first; `part` undefined: of any name. */
export async function searchItemsOfUser(
  db: Queryable,
  userId: string,
  wanted: ItemSearch & {
    readonly part: string | undefined;
    readonly after: TimedPosition | undefined;
  },
): Promise<FoundPage<TimedPosition> & { readonly items: readonly Item[] }> {
  const { part, state, after, limit } = wanted;
  const isFiltered = part !== undefined || state !== undefined;
  const found = await findNewest(db, OF_OWNER, {
    of: userId,
    after,
    limit,
    rows: isFiltered ? ROWS_READ : limit + 1,
    values: [state ?? null, part === undefined ? null : namePattern(part), part ?? null],
  });
  return { ...found, items: await readItems(db, found.ids) };
}

async function readItems(db: Queryable, ids: readonly string[]): Promise<Item[]> {
  return ids.length === 0 ? [] : orderById(ids, await listItemsById(db, ids));
}
