/** Items and the market on /api/v1. */
import {
  FieldsSchema,
  ItemTypeName,
  NewFields,
  RarityName,
  REFUSED,
  UNMARKED_TEXT,
} from "./schemas-item-types.ts";
import { HeadroomOfDryRun } from "./schemas-policies.ts";
import { Type } from "typebox";
import { ITEM_STATES } from "../../../items/items/item-rows.ts";
import { ITEM_TYPES, RARITIES } from "../../../items/items/item-vocabulary.ts";
import {
  DESCRIPTION_LENGTH_MAX,
  ICON_LENGTH_MAX,
  NAME_LENGTH_MAX,
  QUANTITY_MAX,
  STAT_KEY_LENGTH_MAX,
  STAT_MAX,
  STAT_TEXT_LENGTH_MAX,
  STATS_KEYS_MAX,
  URL_LENGTH_MAX,
} from "../../../items/items/item-fields.ts";
import {
  Amount,
  CurrencyCodeSchema,
  Id,
  oneOf,
  PLAIN_TEXT,
  orNull,
  ref,
  SHOWN_NAME,
  SignedAmount,
  Timestamp,
} from "./schemas.ts";

export const Quantity = Type.Integer({
  $id: "Quantity",
  minimum: 1,
  maximum: QUANTITY_MAX,
  description: `a whole number from 1 to ${QUANTITY_MAX}`,
});

export const ItemId = Type.String({
  $id: "ItemId",
  minLength: 1,
  maxLength: 300,
  pattern: PLAIN_TEXT,
  description: "the id of an item as the server gave it",
  examples: ["inv-0198c0de-0000-7000-8000-000000000001"],
});

/** What an import of an item may have named. */
export const ExternalId = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: PLAIN_TEXT,
  description: "the id that the platform gave the item, 1 to 255 characters",
});

export const StatsSchema = Type.Record(
  Type.String(),
  Type.Union([Type.Number(), Type.String(), Type.Boolean()]),
  { $id: "Stats", description: "a flat object of numbers, short texts and true/false" },
);

/** As above, with line breaks, tabs and signs of comparison. */
const LINES = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u2028-\u202e\u2066-\u2069]*$";

/** Stats of a new item; a reply may show wider ones of an adopted item. */
const NewStats = Type.Record(
  Type.String(),
  Type.Union(
    [
      Type.Number({ minimum: -STAT_MAX, maximum: STAT_MAX }),
      Type.String({ maxLength: STAT_TEXT_LENGTH_MAX, pattern: UNMARKED_TEXT }),
      Type.Boolean(),
    ],
    {
      description: `a number from -${STAT_MAX} to ${STAT_MAX}, a text of at most ${STAT_TEXT_LENGTH_MAX} characters without markup, or true/false`,
    },
  ),
  {
    maxProperties: STATS_KEYS_MAX,
    propertyNames: {
      pattern: `^[^${REFUSED}]{1,${STAT_KEY_LENGTH_MAX}}$`,
      description: `a name of 1 to ${STAT_KEY_LENGTH_MAX} characters without markup`,
    },
    description: `a flat object of at most ${STATS_KEYS_MAX} numbers, short texts and true/false`,
  },
);

/** The facts of an item to make: the form of `item-fields.ts`, so that generated clients know it. */
export const newFacts = {
  name: Type.String({
    minLength: 1,
    maxLength: NAME_LENGTH_MAX,
    ...SHOWN_NAME,
    description: `1 to ${NAME_LENGTH_MAX} characters without markup, one of which can be seen`,
  }),
  description: Type.Optional(
    Type.String({
      maxLength: DESCRIPTION_LENGTH_MAX,
      pattern: LINES,
      description: `at most ${DESCRIPTION_LENGTH_MAX} characters without markup; line breaks are allowed`,
    }),
  ),
  type: ref(ItemTypeName),
  rarity: Type.Optional(ref(RarityName)),
  fields: Type.Optional(NewFields),
  stats: Type.Optional(NewStats),
  icon: Type.Optional(
    Type.String({
      maxLength: ICON_LENGTH_MAX,
      pattern: UNMARKED_TEXT,
      description: `at most ${ICON_LENGTH_MAX} characters without markup`,
    }),
  ),
  imageUrl: Type.Optional(
    Type.String({
      maxLength: URL_LENGTH_MAX,
      pattern: `^$|^(https://|/[A-Za-z0-9])[^${REFUSED}]*$`,
      description: "an https address",
    }),
  ),
};

export const facts = {
  name: Type.String(),
  description: Type.String(),
  type: ref(ItemTypeName),
  rarity: ref(RarityName),
  baseType: oneOf(ITEM_TYPES, { description: "the one of the nine that older clients see" }),
  baseRarity: oneOf(RARITIES, { description: "the one of the five that older clients see" }),
  fields: ref(FieldsSchema),
  stats: orNull(StatsSchema),
  icon: Type.Union([Type.String(), Type.Null()]),
  imageUrl: Type.Union([Type.String(), Type.Null()]),
};

export const ItemStateSchema = oneOf(ITEM_STATES, { $id: "ItemState" });

export const ItemSchema = Type.Object(
  {
    id: ref(ItemId),
    userId: Type.String(),
    state: ref(ItemStateSchema),
    quantity: Type.Integer(),
    ...facts,
    definitionId: ref(Id),
    obtainedFrom: Type.Union([Type.String(), Type.Null()]),
    externalId: Type.Union([Type.String(), Type.Null()]),
    giftFrom: Type.Union([Type.String(), Type.Null()], {
      description: "the user whose gift it is, while it waits for its owner's acceptance",
    }),
    locked: Type.Boolean({
      description:
        "bought with starter coins: until its owner is verified it can be used, crafted with and exported to the " +
        "owner's platform, not given, listed or sold",
    }),
    version: Type.String({ description: "number of the last event of its history" }),
    obtainedAt: ref(Timestamp),
  },
  { $id: "Item" },
);

const ITEM_ACTIONS = [
  "import",
  "grant",
  "purchase",
  "gift",
  "accept",
  "decline",
  "export",
  "return",
  "use",
  "list",
  "cancel",
  "split",
  "craft",
  "adopt",
  "unmerge",
  "refund",
  "erase",
  "confiscate",
  "give-back",
  "change",
] as const;

export const ItemEventSchema = Type.Object(
  {
    version: Type.String(),
    action: oneOf(ITEM_ACTIONS),
    userId: Type.Optional(Type.String({ description: "left out where the caller may not know" })),
    state: ref(ItemStateSchema),
    quantity: Type.Integer(),
    quantityChange: Type.Integer(),
    fields: Type.Optional(ref(FieldsSchema)),
    fieldsBefore: Type.Optional(ref(FieldsSchema)),
    transferId: orNull(Id),
    recordedAt: ref(Timestamp),
  },
  { $id: "ItemEvent" },
);

export const ItemMove = Type.Object(
  {
    transferId: ref(Id),
    item: ref(ItemSchema),
    remaining: Type.Optional(Type.Integer({ description: "what is left of the stack" })),
    recordedAt: ref(Timestamp),
    replayed: Type.Boolean(),
  },
  { $id: "ItemMove" },
);

export const PricesSchema = Type.Record(Type.String(), ref(SignedAmount), {
  $id: "Prices",
  propertyNames: {
    pattern: "^[a-z][a-z0-9_]{1,31}$",
    description: "the code of a currency, such as game_coins",
  },
  description: "currency code -> minor units; the buyer pays one of them",
  examples: [{ game_coins: "100" }],
});

export const Listing = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(["official", "escrowed", "declared"]),
    status: oneOf(["upcoming", "active", "frozen", "sold", "removed", "expired"]),
    platform: Type.String(),
    sellerId: Type.Union([Type.String(), Type.Null()], { description: "null for official stock" }),
    sellerName: Type.String(),
    itemId: Type.Union([Type.String(), Type.Null()]),
    origin: Type.Union([Type.String(), Type.Null()], {
      description: "the source of an imported item; null for an item of New Day",
    }),
    ...facts,
    prices: ref(PricesSchema),
    remaining: Type.Union([Type.Integer(), Type.Null()], { description: "null never runs out" }),
    perUserLimit: Type.Union([Type.Integer(), Type.Null()]),
    perDayLimit: Type.Union([Type.Integer(), Type.Null()]),
    listedAt: ref(Timestamp),
    startsAt: orNull(Timestamp, { description: "null: on sale at once" }),
    endsAt: orNull(Timestamp, { description: "null: without end" }),
  },
  { $id: "Listing" },
);

export const PurchaseSchema = Type.Object(
  {
    transferId: ref(Id),
    listingId: Type.String(),
    itemId: ref(ItemId),
    quantity: Type.Integer(),
    currency: ref(CurrencyCodeSchema),
    price: ref(Amount),
    commission: ref(SignedAmount),
    total: ref(Amount),
    balances: Type.Record(Type.String(), ref(SignedAmount)),
    recordedAt: ref(Timestamp),
    replayed: Type.Boolean(),
    dryRun: Type.Boolean(),
    headroom: HeadroomOfDryRun,
  },
  { $id: "Purchase" },
);

export const PurchaseRefundSchema = Type.Object(
  {
    transferId: ref(Id),
    purchase: Type.String({ description: "the transfer of the refunded purchase" }),
    quantity: Type.Integer(),
    itemsReturned: Type.Integer({ description: "fewer than quantity when goods were gone" }),
    quantityLeft: Type.Integer({ description: "what a further refund can take" }),
    currency: ref(CurrencyCodeSchema),
    price: ref(SignedAmount),
    commission: ref(SignedAmount),
    total: Type.String({ description: "what the buyer got back" }),
    commissionFrom: Type.String({
      description: "who gave the commission back: fees, seller, or kept, when the buyer bears it",
    }),
    recordedAt: ref(Timestamp),
    replayed: Type.Boolean(),
    dryRun: Type.Boolean(),
  },
  { $id: "PurchaseRefund" },
);

export const PurchaseRecord = Type.Object(
  {
    id: Type.String(),
    transferId: orNull(Id, {
      description: "null for one that the old server made",
    }),
    listingId: Type.String(),
    itemId: Type.Union([Type.String(), Type.Null()]),
    name: Type.Union([Type.String(), Type.Null()], {
      description: "of what was sold; null when the old server kept none",
    }),
    buyerId: Type.String(),
    sellerId: Type.Union([Type.String(), Type.Null()], { description: "null for official stock" }),
    quantity: Type.Integer(),
    currency: Type.String(),
    price: ref(SignedAmount),
    commission: ref(SignedAmount),
    total: ref(SignedAmount),
    sellerReceives: ref(SignedAmount),
    refundedQuantity: Type.Integer({ description: "0 without a refund" }),
    refunded: Type.String({ description: "price and commission that the buyer got back" }),
    recordedAt: ref(Timestamp),
  },
  { $id: "PurchaseRecord" },
);

const Ingredient = Type.Object({ definitionId: ref(Id), quantity: Type.Integer() });

export const RecipeSchema = Type.Object(
  {
    id: Type.String(),
    version: Type.String({ description: "a new text of a recipe is a new version" }),
    platform: Type.String(),
    name: Type.String(),
    inputs: Type.Array(Ingredient),
    prices: ref(PricesSchema),
    outputs: Type.Array(Ingredient),
  },
  { $id: "Recipe", description: "inputs and all prices in, outputs out, in one posting" },
);

const Part = Type.Object({ itemId: ref(ItemId), quantity: Type.Integer() });

export const CraftSchema = Type.Object(
  {
    transferId: ref(Id),
    used: Type.Array(Part),
    made: Type.Array(Part),
    recordedAt: ref(Timestamp),
    replayed: Type.Boolean(),
    dryRun: Type.Boolean(),
  },
  { $id: "Craft" },
);
