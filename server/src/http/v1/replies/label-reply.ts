/** Item types and rarities of a platform as /api/v1 shows them. */
import type { Static } from "typebox";
import type { ItemType, Rarity } from "../../../items/items/item-vocabulary.ts";
import { publicLabel } from "../../../items/labels/label-name.ts";
import type { Label } from "../../../items/labels/label-queries.ts";
import type { ItemTypeDefinition, RarityDefinition } from "../schemas/schemas-item-types.ts";

export function toItemType(label: Label): Static<typeof ItemTypeDefinition> {
  const { name, shownAs, fields } = label;
  return {
    ...common(label),
    // A row of one of the nine declares rules for it; its items have the common type.
    type: name === shownAs ? name : publicLabel(label.platform, name),
    shownAs: shownAs as ItemType,
    fields: fields.map(({ choices, ...rule }) => ({
      ...rule,
      ...(choices && { choices: [...choices] }),
    })),
  };
}

export function toRarity(label: Label): Static<typeof RarityDefinition> {
  const rarity = publicLabel(label.platform, label.name);
  return { ...common(label), rarity, shownAs: label.shownAs as Rarity };
}

function common({ name, platform, version, retired }: Label) {
  return { name, platform, version: `${version}`, retired };
}
