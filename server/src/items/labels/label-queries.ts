/** SQL of labels: the types and rarities of platforms. */
import type { Queryable } from "../../db/database.ts";
import type { FieldRule } from "../items/field-rules.ts";
import type { LabelKind } from "./label-name.ts";

export interface Label {
  readonly platform: string;
  readonly kind: LabelKind;
  readonly skeleton: string;
  readonly version: bigint;
  readonly name: string;
  /** The common word that older clients see. */
  readonly shownAs: string;
  /** Empty for a rarity. */
  readonly fields: readonly FieldRule[];
  readonly retired: boolean;
  /** The caller of this version. */
  readonly changedBy: string;
}

const COLUMNS = `platform, kind, skeleton, version, name, shown_as as "shownAs", fields, retired,
  changed_by as "changedBy"`;

export interface LabelKey {
  readonly platform: string;
  readonly kind: LabelKind;
  readonly skeleton: string;
}

/** The newest version. */
export async function findLabel(
  db: Queryable,
  { platform, kind, skeleton }: LabelKey,
): Promise<Label | undefined> {
  const [row] = await db.query<Label>(
    {
      name: "item_label_find",
      text: `select ${COLUMNS} from newday.item_labels
        where platform = $1 and kind = $2 and skeleton = $3 order by version desc limit 1`,
    },
    [platform, kind, skeleton],
  );
  return row;
}

/** The newest version of each of these labels, by skeleton. */
export async function findLabels(
  db: Queryable,
  { platform, kind }: Pick<LabelKey, "platform" | "kind">,
  skeletons: readonly string[],
): Promise<Map<string, Label>> {
  const rows = await db.query<Label>(
    {
      name: "item_labels_find",
      text: `select distinct on (skeleton) ${COLUMNS} from newday.item_labels
        where platform = $1 and kind = $2 and skeleton = any($3::text[])
        order by skeleton, version desc`,
    },
    [platform, kind, skeletons],
  );
  return new Map(rows.map((label) => [label.skeleton, label]));
}

/** The newest version of each label of a platform, by skeleton, after a skeleton. */
export function listLabels(
  db: Queryable,
  { platform, kind }: Pick<LabelKey, "platform" | "kind">,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Label[]> {
  return db.query(
    `select distinct on (skeleton) ${COLUMNS} from newday.item_labels
      where platform = $1 and kind = $2 and ($3::text is null or skeleton > $3)
      order by skeleton, version desc limit $4`,
    [platform, kind, page.after, page.limit],
  );
}

export async function countLabels(
  db: Queryable,
  { platform, kind }: Pick<LabelKey, "platform" | "kind">,
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from newday.item_labels
      where platform = $1 and kind = $2 and version = 1`,
    [platform, kind],
  );
  return row?.count ?? 0;
}

/** Inserts a version; false when another writer took its number first. */
export async function insertLabel(db: Queryable, label: Label): Promise<boolean> {
  const { platform, kind, skeleton, version, name, shownAs, fields, retired, changedBy } = label;
  const rows = await db.query(
    `insert into newday.item_labels
        (platform, kind, skeleton, version, name, shown_as, fields, retired, changed_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning 1 as inserted`,
    [platform, kind, skeleton, version, name, shownAs, JSON.stringify(fields), retired, changedBy],
  );
  return rows.length > 0;
}
