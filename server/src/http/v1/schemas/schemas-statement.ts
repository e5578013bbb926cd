/** Statements of accounts. */
import { Type } from "typebox";
import { STATEMENT_ORDERS } from "../../../ledger/statements/statement-queries.ts";
import {
  CurrencyCodeSchema,
  Id,
  oneOf,
  ref,
  SignedAmount,
  Through,
  Timestamp,
  transferOptions,
} from "./schemas.ts";

export const sortQuery = { sort: Type.Optional(oneOf(STATEMENT_ORDERS)) };

/** An entry has an effective time always. */
const { effectiveAt: _optional, ...shownOptions } = transferOptions;

export const StatementEntrySchema = Type.Object(
  {
    version: Type.String({ description: "number of the entry in its account, from 1" }),
    amount: ref(SignedAmount),
    balanceAfter: ref(SignedAmount),
    counterparty: Type.String({ description: "user id of the other side" }),
    transferId: ref(Id),
    kind: Type.String(),
    ...shownOptions,
    recordedAt: ref(Timestamp),
    effectiveAt: ref(Timestamp),
    test: Type.Boolean({ description: "one side is a test user: no real money" }),
    unverified: Type.Boolean({
      description: "asked for by a compatibility login: the user gave no proof",
    }),
    through: Through,
  },
  { $id: "StatementEntry" },
);

const whole = {
  userId: Type.String(),
  currency: ref(CurrencyCodeSchema),
  openingBalance: ref(SignedAmount),
  closingBalance: ref(SignedAmount),
  data: Type.Array(ref(StatementEntrySchema)),
};

export const StatementSchema = Type.Object(
  { ...whole, nextCursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: "Statement" },
);

/** The content of an export: the whole range. */
export const StatementFile = Type.Object(whole);
