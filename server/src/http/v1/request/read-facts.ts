/** The facts of an item to make, as a body of /api/v1 has them. */
import type { Static, TObject } from "typebox";
import {
  readDescription,
  readIcon,
  readImageUrl,
  readStats,
  refuseField,
  requireName,
} from "../../../items/items/item-fields.ts";
import type { ItemFacts } from "../../../items/items/item-queries.ts";
import { ICONS } from "../../../items/items/item-vocabulary.ts";
import { checkFields, storedFields } from "../../../items/items/field-rules.ts";
import type { LabelReader } from "../../../items/labels/label-reader.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import type { newFacts } from "../schemas/schemas-items.ts";

type Sent = Static<TObject<typeof newFacts>>;

/**
 * `prefix` names the item's place in the body. Errors: `invalid_field`, `missing_fields`, `invalid_item_type`,
 * `invalid_rarity`.
 */
export async function readFacts(
  labels: LabelReader,
  item: { readonly [Name in keyof Sent]: Sent[Name] | undefined } & Pick<Sent, "name" | "type">,
  prefix: string,
): Promise<ItemFacts> {
  const { name, description, type: saidType, rarity: saidRarity = "common", ...more } = item;
  const { fields = {}, stats: sentStats, icon, imageUrl, ...unread } = more;
  unread satisfies NothingElse;
  const { rules, ...type } = await labels.type(saidType, `${prefix}type`);
  const stats = readStats(sentStats, `${prefix}stats`);
  const twice = rules.find((rule) => stats !== null && Object.hasOwn(stats, rule.name));
  if (twice)
    throw refuseField(`${prefix}stats.${twice.name}`, {
      en: "is a field of the type: send it in fields",
      zh: "是该类型的字段，请放在 fields 中",
    });
  return {
    name: requireName(name, `${prefix}name`),
    description: readDescription(description, `${prefix}description`),
    ...type,
    ...(await labels.rarity(saidRarity, `${prefix}rarity`)),
    fields: storedFields(checkFields(rules, fields, `${prefix}fields`)),
    stats,
    icon: readIcon(icon, `${prefix}icon`) ?? ICONS[type.itemType],
    imageUrl: readImageUrl(imageUrl, `${prefix}imageUrl`),
  };
}
