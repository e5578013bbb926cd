/** Components of the items, listings and transfers of /api/admin. */
import { Type } from "typebox";
import { HoldSchema } from "../../v1/schemas/schemas-holds.ts";
import { FieldsSchema, ItemTypeName, RarityName } from "../../v1/schemas/schemas-item-types.ts";
import {
  ItemEventSchema,
  ItemId,
  ItemSchema,
  ItemStateSchema,
  Listing,
  PricesSchema,
  PurchaseRecord,
  StatsSchema,
} from "../../v1/schemas/schemas-items.ts";
import { Id, Metadata, orNull, ref, SignedAmount, Timestamp } from "../../v1/schemas/schemas.ts";
import { UserSummarySchema } from "./schemas-users.ts";

const textOrNull = (description?: string) =>
  Type.Union([Type.String(), Type.Null()], description === undefined ? {} : { description });

export const ItemPageSchema = Type.Object(
  {
    item: ref(ItemSchema),
    owner: orNull(UserSummarySchema, {
      description: "null: the system, such as what operators hold",
    }),
    source: textOrNull("the source that an import named"),
    allinoneItemId: textOrNull(),
    listingId: textOrNull("in which it is in escrow, or by which it was bought"),
    mergedIds: Type.Array(Type.String(), {
      description: "ids of duplicates that the adoption merged into it",
    }),
  },
  { $id: "ItemPage" },
);

export const ListingPageSchema = Type.Object(
  {
    listing: ref(Listing),
    seller: orNull(UserSummarySchema, { description: "null for official stock" }),
    item: orNull(ItemSchema, { description: "null where none is in escrow" }),
  },
  { $id: "ListingPage" },
);

const MovementSchema = Type.Object({
  from: Type.String({ description: "the user who paid" }),
  to: Type.String({ description: "the user who was paid" }),
  currency: Type.String(),
  amount: ref(SignedAmount),
});

const transferFacts = {
  id: ref(Id),
  kind: Type.String(),
  by: Type.String({
    description: "who asked: `user:<id>`, `platform:<name>`, `operator:<login>`",
  }),
  at: ref(Timestamp),
  refusal: textOrNull("the code of the error; null: posted"),
  reference: textOrNull(),
  reason: textOrNull(),
};

export const TransferSummarySchema = Type.Object(
  {
    ...transferFacts,
    movements: Type.Array(MovementSchema, { description: "the first of them" }),
    movementCount: Type.Integer(),
  },
  { $id: "TransferSummary" },
);

export const TransferPageSchema = Type.Object(
  {
    ...transferFacts,
    effectiveAt: orNull(Timestamp),
    metadata: orNull(Metadata),
    result: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
    related: orNull(Id, { description: "the refunded transfer, or the hold" }),
    movements: Type.Array(
      Type.Object({
        ...MovementSchema.properties,
        fromBalance: ref(SignedAmount),
        toBalance: ref(SignedAmount),
        refunded: ref(SignedAmount),
      }),
    ),
    relatedTransfers: Type.Array(
      Type.Object({ id: ref(Id), kind: Type.String(), at: ref(Timestamp) }),
      { description: "its refunds, or what became of its hold; oldest first" },
    ),
    hold: orNull(HoldSchema),
    purchase: orNull(PurchaseRecord),
  },
  { $id: "TransferPage" },
);

export const THING_COMPONENTS = [
  ItemPageSchema,
  ListingPageSchema,
  TransferSummarySchema,
  TransferPageSchema,
  ItemSchema,
  ItemEventSchema,
  ItemId,
  ItemStateSchema,
  ItemTypeName,
  RarityName,
  FieldsSchema,
  StatsSchema,
  Listing,
  PricesSchema,
  PurchaseRecord,
  HoldSchema,
];
