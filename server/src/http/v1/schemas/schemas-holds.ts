/** Answers about holds and exchange. */
import { Type } from "typebox";
import { CurrencyCodeSchema, Id, orNull, ref, SignedAmount, Timestamp } from "./schemas.ts";

export const HoldSchema = Type.Object(
  {
    id: ref(Id),
    from: Type.String({ description: "the user whose money is reserved" }),
    to: Type.Union([Type.String(), Type.Null()], {
      description: "the receiver of a capture without `to`",
    }),
    currency: ref(CurrencyCodeSchema),
    amount: ref(SignedAmount),
    captured: ref(SignedAmount),
    remaining: ref(SignedAmount),
    state: Type.Union(
      [
        Type.Literal("open"),
        Type.Literal("captured"),
        Type.Literal("voided"),
        Type.Literal("expired"),
      ],
      { description: "exact at the time of the answer: a hold is expired from its expiry on" },
    ),
    expiresAt: orNull(Timestamp),
    createdAt: ref(Timestamp),
  },
  { $id: "Hold" },
);

export const QuoteSchema = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    from: ref(CurrencyCodeSchema),
    to: ref(CurrencyCodeSchema),
    given: ref(SignedAmount),
    received: ref(SignedAmount),
    rate: Type.Object({ numerator: Type.String(), denominator: Type.String() }),
    expiresAt: ref(Timestamp),
  },
  {
    $id: "Quote",
    description: "received = floor(given * numerator / denominator), in minor units of both sides",
  },
);
