/** SQL of items in pages: a user's items and an item's history, by keyset. */
import type { Queryable } from "../../db/database.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "../../ledger/wallets/owned-wallet-queries.ts";
import { ITEM, type Item } from "./item-queries.ts";
import type { Fields } from "./field-rules.ts";
import type { ItemAction, ItemState } from "./item-rows.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface ItemFilter {
  readonly states: readonly ItemState[];
  /** One of the nine, own types that are shown as it included; or `platform:name`. */
  readonly type: string | null;
  readonly rarity: string | null;
  /** Only gifts that wait for acceptance. */
  readonly waiting: boolean;
}

/** Newest first; `after` is the position of the last item of the page before. */
export function listItemPage(
  db: Queryable,
  ownerId: string,
  { states, type, rarity, waiting, ...unread }: ItemFilter,
  page: { readonly after: { obtainedAt: string; id: string } | undefined; readonly limit: number },
): Promise<(Item & { position: string })[]> {
  unread satisfies NothingElse;
  return db.query(
    {
      name: waiting ? "items-page-waiting" : "items-page",
      text: `${ITEM.replace("select ", "select i.obtained_at::text as position, ")}
        where i.owner_id = $1 ${waiting ? "and i.gift_from is not null" : ""}
          and i.state = any($2::text[])
          and ($3::text is null or d.item_type = $3 or d.own_type = $3)
          and ($4::text is null or d.rarity = $4 or d.own_rarity = $4)
          and ($5::timestamptz is null or (i.obtained_at, i.id) < ($5::timestamptz, $6::text))
        order by i.obtained_at desc, i.id desc limit $7`,
    },
    [
      ownerId,
      states,
      type,
      rarity,
      page.after?.obtainedAt ?? null,
      page.after?.id ?? null,
      page.limit,
    ],
  );
}

/** Whose items a search by external id may find. */
export interface ItemOwners {
  /** null: every platform's users. */
  readonly platform: string | null;
  /** null: every user of the platform. */
  readonly userId: string | null;
}

/** Items whose import named this id, as `itemId` or `allinoneItemId`; newest first. */
export function listItemsByExternalId(
  db: Queryable,
  externalId: string,
  { platform, userId, ...unread }: ItemOwners,
  page: { readonly after: { obtainedAt: string; id: string } | undefined; readonly limit: number },
): Promise<(Item & { position: string })[]> {
  unread satisfies NothingElse;
  return db.query(
    {
      name: "items-page-external",
      text: `${ITEM.replace("select ", "select i.obtained_at::text as position, ")}
        join newday.ledger_wallets w on w.user_id = i.owner_id
        ${WITH_OWNERS}
        where (i.external_id = $1 or i.allinone_item_id = $1)
          and ($2::text is null or ${OWNER_PLATFORM} = $2) and ($3::text is null or i.owner_id = $3)
          and ($4::timestamptz is null or (i.obtained_at, i.id) < ($4::timestamptz, $5::text))
        order by i.obtained_at desc, i.id desc limit $6`,
    },
    [
      externalId,
      platform,
      userId,
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
  /** Of a change of fields; null of any other event. */
  readonly fieldsBefore: Fields | null;
  readonly fieldsAfter: Fields | null;
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
      text: `select h.version, h.action, h.owner_id as "ownerId", h.state, h.quantity,
          h.quantity_change as "quantityChange", h.transfer_id as "transferId",
          h.recorded_at as "recordedAt",
          case when c.version is not null then coalesce(b.fields, '{}') end as "fieldsBefore",
          case when c.version is not null then coalesce(a.fields, '{}') end as "fieldsAfter"
        from newday.item_history h
        left join newday.item_field_changes c on c.item_id = h.item_id and c.version = h.version
        left join newday.item_definitions b on b.id = c.definition_before
        left join newday.item_definitions a on a.id = c.definition_after
        where h.item_id = $1 and ($2::bigint is null or h.version < $2)
        order by h.version desc limit $3`,
    },
    [itemId, page.before, page.limit],
  );
}
