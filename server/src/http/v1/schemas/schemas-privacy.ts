/** Schemas of erasures. */
import { Type } from "typebox";
import { oneOf, ref, UserId } from "./schemas.ts";

const ERASURE_BLOCKERS = [
  "holds",
  "listings",
  "gifts",
  "items",
  "balances",
  "debts",
  "frozen_by_operator",
] as const;

const count = Type.Integer({ minimum: 0 });

export const Erasure = Type.Object(
  {
    userId: ref(UserId),
    status: Type.Union([Type.Literal("planned"), Type.Literal("erased")]),
    erasedOn: Type.Optional(Type.String({ format: "date", description: "the day, UTC" })),
    blockers: Type.Optional(
      Type.Array(oneOf(ERASURE_BLOCKERS), {
        description: "of a dry run: what stands against it",
      }),
    ),
    balances: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "of a dry run: minor units by currency, without zeros",
      }),
    ),
    open: Type.Optional(Type.Object({ holds: count, listings: count, gifts: count })),
    goes: Type.Optional(Type.Object({ items: count, sessions: count, consents: count })),
    stays: Type.Optional(
      Type.Object(
        { entries: Type.String(), purchases: Type.String() },
        { description: "under the name that replaces the user" },
      ),
    ),
  },
  { $id: "Erasure" },
);

/** What happens to what the person still has. */
export const erasureChoices = {
  open: Type.Optional(
    Type.Union([Type.Literal("refuse"), Type.Literal("settle")], {
      default: "refuse",
      description: "settle: listings are cancelled, holds voided, waiting gifts returned",
    }),
  ),
  property: Type.Optional(
    Type.Union([Type.Literal("refuse"), Type.Literal("forfeit")], {
      default: "refuse",
      description: "forfeit: money goes to New Day's fees, items are retired",
    }),
  ),
};

export const PersonExport = Type.Object(
  {
    schema: Type.Literal("newday.person/1"),
    userId: ref(UserId),
    exportedAt: Type.String({ format: "date-time" }),
    accounts: Type.Array(Type.Object({}, { additionalProperties: true })),
    tables: Type.Record(Type.String(), Type.Array(Type.Object({}, { additionalProperties: true }))),
  },
  { description: "docs/privacy.md describes it" },
);
