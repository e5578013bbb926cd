/** Answers about holds and exchange. */
import { Type } from "typebox";
import { CurrencyCode, Id, ref, SignedAmount, Timestamp } from "./schemas.ts";

export const Hold = Type.Object(
  {
    id: ref(Id),
    from: Type.String({ description: "the user whose money is reserved" }),
    to: Type.Union([Type.String(), Type.Null()], {
      description: "the receiver of a capture without `to`",
    }),
    currency: ref(CurrencyCode),
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
    expiresAt: Type.Union([ref(Timestamp), Type.Null()]),
    createdAt: ref(Timestamp),
  },
  { $id: "Hold" },
);

export const Quote = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    from: ref(CurrencyCode),
    to: ref(CurrencyCode),
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
