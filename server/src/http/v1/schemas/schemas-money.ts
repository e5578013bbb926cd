/** Answers of the money part of /api/v1. */
import { Type } from "typebox";
import { HeadroomOfDryRun } from "./schemas-policies.ts";
import {
  CurrencyCodeSchema,
  Id,
  ref,
  SignedAmount,
  Through,
  Timestamp,
  transferOptions,
} from "./schemas.ts";

export const Currency = Type.Object(
  {
    code: ref(CurrencyCodeSchema),
    scale: Type.Integer({ description: "2 means that 100 minor units are one" }),
    minimum: ref(SignedAmount),
    maximum: ref(SignedAmount),
    minters: Type.Array(Type.String(), { description: "platforms that may mint and burn it" }),
  },
  { $id: "Currency" },
);

export const Restriction = Type.Object(
  {
    frozen: Type.Object({ debits: Type.Boolean(), credits: Type.Boolean() }),
    closed: Type.Boolean(),
  },
  { $id: "Restriction", description: "the directions that are frozen, and whether it is closed" },
);

export const Account = Type.Object(
  {
    currency: ref(CurrencyCodeSchema),
    balance: ref(SignedAmount),
    held: ref(SignedAmount),
    available: ref(SignedAmount),
    locked: ref(SignedAmount),
    unfunded: ref(SignedAmount),
    version: Type.String({ description: "number of the last entry" }),
    frozen: Type.Object({ debits: Type.Boolean(), credits: Type.Boolean() }),
    closed: Type.Boolean(),
    testUser: Type.Boolean({ description: "deals with test users and the shop only" }),
    byOperator: Type.Boolean({ description: "an operator of New Day has frozen or closed it" }),
    restrictedBy: Type.Object(
      { platform: ref(Restriction), operator: ref(Restriction) },
      {
        description:
          "each side's own restrictions; each side lifts its own, the account obeys both",
      },
    ),
  },
  {
    $id: "Account",
    description:
      "`locked` are starter coins: part of `balance` and not of `available`, because the official shop " +
      "alone takes them until the user is verified. `unfunded` are starter coins that are promised and that today's " +
      "budget cannot pay: part of `balance` alone.",
  },
);

export const WalletSchema = Type.Object(
  {
    id: Type.String(),
    userId: Type.String(),
    platform: Type.String(),
    accounts: Type.Array(ref(Account)),
    createdAt: ref(Timestamp),
  },
  { $id: "Wallet" },
);

export const Entry = Type.Object(
  {
    userId: Type.String(),
    currency: ref(CurrencyCodeSchema),
    amount: ref(SignedAmount),
    balanceAfter: Type.Optional(ref(SignedAmount)),
    version: Type.Optional(Type.String({ description: "number of this entry in its account" })),
  },
  {
    $id: "Entry",
    description:
      "one line of a transfer; balanceAfter and version of the caller's own wallets only",
  },
);

export const Transfer = Type.Object(
  {
    id: ref(Id),
    kind: Type.String(),
    entries: Type.Array(ref(Entry)),
    related: Type.Optional(ref(Id)),
    ...transferOptions,
    through: Through,
    recordedAt: ref(Timestamp),
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    replayed: Type.Boolean({ description: "true when this is the outcome of an earlier request" }),
    dryRun: Type.Boolean({ description: "true when nothing was posted" }),
    headroom: HeadroomOfDryRun,
  },
  { $id: "Transfer" },
);
