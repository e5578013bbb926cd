/** Defines, changes and retires the labels of a platform: each change is a new version. */
import type { Queryable } from "../../db/database.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { NewDayError } from "../../errors/errors.ts";
import { requireFieldRules, type SentRule } from "../items/field-rules.ts";
import { refuseField } from "../items/item-fields.ts";
import { COMMON_LABELS, looksLike, requireLabelName, type LabelKind } from "./label-name.ts";
import { countLabels, findLabel, insertLabel, type Label } from "./label-queries.ts";

/** Each lost attempt is another request's success; so many at once on one label are a mistake. */
const ATTEMPTS_MAX = 20;
/** Of each kind and platform; more than a game's players could tell apart. */
const LABELS_MAX = 200;

export interface WantedLabel {
  readonly platform: string;
  readonly kind: LabelKind;
  readonly name: string;
  readonly shownAs: string;
  readonly fields: readonly SentRule[];
  readonly changedBy: string;
}

/**
 * The same text again changes nothing; another one is a new version, and ends a retirement. Errors:
 * `invalid_field`, `item_label_limit`, `database_busy`.
 */
export async function defineLabel(
  db: Queryable,
  wanted: WantedLabel,
): Promise<{ readonly label: Label; readonly isNew: boolean }> {
  const { platform, kind, shownAs, changedBy } = wanted;
  const { name, skeleton } = requireLabelName(kind, wanted.name);
  const fields = requireFieldRules(wanted.fields);
  if (COMMON_LABELS[kind].includes(name) && shownAs !== name)
    throw refuseField("shownAs", {
      en: `must be ${name}: this type belongs to all platforms`,
      zh: `必须是 ${name}：该类型属于所有平台`,
    });
  const text = { platform, kind, skeleton, name, shownAs, fields, retired: false };
  return writeVersion(db, text, changedBy);
}

/** Nothing new is made of a retired label; what exists stays. Errors: `not_found`, `database_busy`. */
export async function retireLabel(
  db: Queryable,
  wanted: Pick<WantedLabel, "platform" | "kind" | "name" | "changedBy">,
): Promise<Label> {
  const { version: _, changedBy: __, ...current } = await requireLabel(db, wanted);
  const { label } = await writeVersion(db, { ...current, retired: true }, wanted.changedBy);
  return label;
}

/** Errors: `not_found`, also for a name that only looks like the label's. */
export async function requireLabel(
  db: Queryable,
  { platform, kind, name: sent }: Pick<WantedLabel, "platform" | "kind" | "name">,
): Promise<Label> {
  const { name, skeleton } = requireLabelName(kind, sent);
  const label = await findLabel(db, { platform, kind, skeleton });
  if (label?.name === name) return label;
  throw new NewDayError("not_found", {
    field: "name",
    rule:
      kind === "type"
        ? { en: "names no item type of this platform", zh: "不是此平台的道具类型" }
        : { en: "names no rarity of this platform", zh: "不是此平台的稀有度" },
  });
}

type LabelText = Omit<Label, "version" | "changedBy">;

async function writeVersion(db: Queryable, text: LabelText, changedBy: string) {
  // After losing a version to another request, compare again: it may hold the same text.
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await findLabel(db, text);
    if (current && current.name !== text.name) throw looksLike(current.name);
    if (current && fingerprintOf(textOf(current)) === fingerprintOf(textOf(text)))
      return { label: current, isNew: false };
    if (!current) await requireRoom(db, text);
    const label = { ...text, changedBy, version: (current?.version ?? 0n) + 1n };
    if (await insertLabel(db, label)) return { label, isNew: true };
  }
  throw new NewDayError("database_busy");
}

function textOf({ shownAs, fields, retired }: LabelText) {
  return { shownAs, fields, retired };
}

async function requireRoom(db: Queryable, label: LabelText): Promise<void> {
  if ((await countLabels(db, label)) < LABELS_MAX) return;
  throw new NewDayError("item_label_limit", {
    field: "name",
    rule: {
      en: `a platform has at most ${LABELS_MAX} of a kind`,
      zh: `每个平台每类最多 ${LABELS_MAX} 个`,
    },
  });
}
