/**
 * An item as `/api/allinone` shows it, under every name that its clients read (docs/contract.md
 * 4.1).
 */
import type { Item, ItemFacts } from "../../../items/items/item-queries.ts";
import { ICONS } from "../../../items/items/item-vocabulary.ts";

export function itemReply(item: Omit<Item, "definitionId" | "version">): Record<string, unknown> {
  return {
    id: item.id,
    name: item.name,
    description: item.description,
    type: item.itemType,
    itemType: item.itemType,
    category: item.itemType,
    rarity: item.rarity,
    quantity: Number(item.quantity),
    ...statsReply(item),
    icon: item.icon ?? ICONS[item.itemType],
    imageUrl: item.imageUrl,
    obtainedAt: item.obtainedAt.getTime(),
    userId: item.ownerId,
    source: item.source ?? "newday",
    obtainedFrom: item.obtainedFrom ?? item.source ?? "newday",
    externalId: item.externalId,
    allinoneItemId: item.allinoneItemId,
    status: item.state,
  };
}

/** Older clients know no fields: those of a platform's own type stand among the stats. */
export function statsReply({ stats, fields = null }: Pick<ItemFacts, "stats" | "fields">) {
  if (fields !== null) return { stats: { ...stats, ...fields } };
  return stats === null ? {} : { stats };
}
