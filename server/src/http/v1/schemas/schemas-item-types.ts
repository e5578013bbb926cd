/** Item types, rarities and fields on /api/v1: the common ones, and those that platforms define. */
import { Type } from "typebox";
import { ITEM_TYPES, RARITIES } from "../../../items/items/item-vocabulary.ts";
import {
  CHOICE_LENGTH_MAX,
  CHOICES_MAX,
  FIELD_KINDS,
  FIELD_NUMBER_MAX,
  FIELD_TEXT_MAX,
  FIELDS_MAX,
} from "../../../items/items/field-rules.ts";
import { LABEL_NAME_LENGTH_MAX } from "../../../items/labels/label-name.ts";
import { visibleOnlyPattern } from "../../../lib/visible-text.ts";
import { oneOf, ref, strictObject } from "./schemas.ts";

export const ItemTypeSchema = oneOf(ITEM_TYPES, { $id: "ItemType" });

export const RaritySchema = oneOf(RARITIES, { $id: "Rarity" });

/** Letters that `item-fields.ts` refuses in every text of an item. */
export const REFUSED = "\\x00-\\x1f\\x7f-\\x9f<>\u2028-\u202e\u2066-\u2069";
export const UNMARKED_TEXT = `^[^${REFUSED}]*$`;
/** Refused in names of types and rarities; see `label-name.ts`. */
const NAME_REFUSED = "<>/,";

/** Of a type or rarity, with its platform before it: 32 letters each, and a colon. */
const NAME_WITH_PLATFORM_MAX = 2 * LABEL_NAME_LENGTH_MAX + 1;

export const ItemTypeName = Type.String({
  $id: "ItemTypeName",
  minLength: 1,
  maxLength: NAME_WITH_PLATFORM_MAX,
  pattern: visibleOnlyPattern(NAME_REFUSED),
  description: `one of ${ITEM_TYPES.join(", ")}, or a type that a platform has defined: rune of moon is moon:rune`,
  examples: ["weapon"],
});

export const RarityName = Type.String({
  $id: "RarityName",
  minLength: 1,
  maxLength: NAME_WITH_PLATFORM_MAX,
  pattern: visibleOnlyPattern(NAME_REFUSED),
  description: `one of ${RARITIES.join(", ")}, or a rarity that a platform has defined: mythic of moon is moon:mythic`,
  examples: ["rare"],
});

/** The name of a label of the caller's platform. */
export const LabelName = Type.String({
  $id: "LabelName",
  minLength: 1,
  maxLength: LABEL_NAME_LENGTH_MAX,
  pattern: visibleOnlyPattern(`${NAME_REFUSED}:`),
  description: `1 to ${LABEL_NAME_LENGTH_MAX} visible characters without blanks and < > : / , . %, a letter or digit among them`,
  examples: ["rune"],
});

const FieldValueSchema = Type.Union([Type.Number(), Type.String(), Type.Boolean()]);

export const FieldsSchema = Type.Record(Type.String(), FieldValueSchema, {
  $id: "Fields",
  description: "values of the fields that the item's own type declares, by name",
  examples: [{ power: 7 }],
});

const FieldName = Type.String({
  pattern: "^[A-Za-z][A-Za-z0-9_]{0,31}$",
  description: "1 to 32 letters, digits and _, beginning with a letter",
});

const sentNumber = Type.Number({ minimum: -FIELD_NUMBER_MAX, maximum: FIELD_NUMBER_MAX });
const sentText = Type.String({ maxLength: FIELD_TEXT_MAX, pattern: UNMARKED_TEXT });
const SENT_VALUE = `a whole number, a text of at most ${FIELD_TEXT_MAX} characters without markup, true/false`;

/** Fields of a new item; its type says which, and what each may hold. */
export const NewFields = Type.Record(
  Type.String(),
  Type.Union([sentNumber, sentText, Type.Boolean()], { description: SENT_VALUE }),
  {
    maxProperties: FIELDS_MAX,
    description: `at most ${FIELDS_MAX} values of the fields that the item's own type declares`,
  },
);

/** The fields to change; null removes one. */
export const FieldChangesSchema = Type.Record(
  Type.String(),
  Type.Union([sentNumber, sentText, Type.Boolean(), Type.Null()], {
    description: `${SENT_VALUE}, or null`,
  }),
  {
    minProperties: 1,
    maxProperties: FIELDS_MAX,
    description: `1 to ${FIELDS_MAX} fields with their new values; null removes one`,
  },
);

const bounded = (description: string) =>
  Type.Optional(
    Type.Integer({ minimum: -FIELD_NUMBER_MAX, maximum: FIELD_NUMBER_MAX, description }),
  );

export const FieldRuleSchema = strictObject(
  {
    name: FieldName,
    kind: oneOf(FIELD_KINDS, {
      description:
        "integer (with minimum and maximum), text (maxLength), flag, or choice (choices)",
    }),
    minimum: bounded(`of an integer, from -${FIELD_NUMBER_MAX} to ${FIELD_NUMBER_MAX}`),
    maximum: bounded(`of an integer, from -${FIELD_NUMBER_MAX} to ${FIELD_NUMBER_MAX}`),
    maxLength: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: FIELD_TEXT_MAX,
        description: `of a text, 1 to ${FIELD_TEXT_MAX} characters`,
      }),
    ),
    choices: Type.Optional(
      Type.Array(
        Type.String({ minLength: 1, maxLength: CHOICE_LENGTH_MAX, pattern: UNMARKED_TEXT }),
        {
          minItems: 1,
          maxItems: CHOICES_MAX,
          description: `1 to ${CHOICES_MAX} texts of 1 to ${CHOICE_LENGTH_MAX} characters without markup`,
        },
      ),
    ),
    required: Type.Optional(
      Type.Boolean({ description: "true: a new item has it, sent or by default" }),
    ),
    default: Type.Optional(FieldValueSchema),
  },
  { $id: "FieldRule" },
);

const label = {
  name: ref(LabelName),
  platform: Type.String(),
  version: Type.String({ description: "a new text is a new version" }),
  retired: Type.Boolean({ description: "true: nothing new is made of it" }),
};

export const ItemTypeDefinition = Type.Object(
  {
    ...label,
    type: ref(ItemTypeName),
    shownAs: ref(ItemTypeSchema),
    fields: Type.Array(ref(FieldRuleSchema)),
  },
  {
    $id: "ItemTypeDefinition",
    description: "`type` is what items show in /api/v1, `shownAs` what older clients see",
  },
);

export const RarityDefinition = Type.Object(
  { ...label, rarity: ref(RarityName), shownAs: ref(RaritySchema) },
  {
    $id: "RarityDefinition",
    description: "`rarity` is what items show in /api/v1, `shownAs` what older clients see",
  },
);
