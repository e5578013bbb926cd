/** SQL of items in pages: a user's items and an item's history, by keyset. */
import type { Queryable } from "../../db/database.ts";
import { ITEM, type Item } from "./item-queries.ts";
import type { ItemAction, ItemState } from "./item-rows.ts";

export interface ItemFilter {
  readonly states: readonly ItemState[];
  readonly type: string | null;
  readonly rarity: string | null;
  /** Only gifts that wait for acceptance. */
  readonly waiting: boolean;
}

/** Newest first; `after` is the position of the last item of the page before. */
export function listItemPage(
  db: Queryable,
  ownerId: string,
  filter: ItemFilter,
  page: { readonly after: { obtainedAt: string; id: string } | undefined; readonly limit: number },
): Promise<(Item & { position: string })[]> {
  return db.query(
    {
      name: filter.waiting ? "items-page-waiting" : "items-page",
      text: `${ITEM.replace("select ", "select i.obtained_at::text as position, ")}
        where i.owner_id = $1 ${filter.waiting ? "and i.gift_from is not null" : ""}
          and i.state = any($2::text[])
          and ($3::text is null or d.item_type = $3) and ($4::text is null or d.rarity = $4)
          and ($5::timestamptz is null or (i.obtained_at, i.id) < ($5::timestamptz, $6::text))
        order by i.obtained_at desc, i.id desc limit $7`,
    },
    [
      ownerId,
      filter.states,
      filter.type,
      filter.rarity,
      page.after?.obtainedAt ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
}

export interface ItemEventRow {
  readonly version: bigint;
  readonly action: ItemAction;
  readonly ownerId: string;
  readonly state: ItemState;
  readonly quantity: bigint;
  readonly quantityChange: bigint;
  readonly transferId: string | null;
  readonly recordedAt: Date;
}

/** Events before a version, newest first. */
export function listItemEvents(
  db: Queryable,
  itemId: string,
  page: { readonly before: bigint | null; readonly limit: number },
): Promise<ItemEventRow[]> {
  return db.query(
    {
      name: "item-events-page",
      text: `select version, action, owner_id as "ownerId", state, quantity,
          quantity_change as "quantityChange", transfer_id as "transferId",
          recorded_at as "recordedAt"
        from newday.item_history
        where item_id = $1 and ($2::bigint is null or version < $2)
        order by version desc limit $3`,
    },
    [itemId, page.before, page.limit],
  );
}
