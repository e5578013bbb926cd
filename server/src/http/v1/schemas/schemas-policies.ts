/** Answers about budgets, consents and limits. */
import { Type } from "typebox";
import { visiblePattern } from "../../../lib/visible-text.ts";
import { CONSENT_VERBS } from "../../../policy/consents/consent-rows.ts";
import { LIMIT_SCOPES } from "../../../policy/limits/limit-rows.ts";
import { WINDOW_NAMES } from "../../../policy/rules/windows.ts";
import { SPENDING_KINDS } from "../../../policy/rules/spending-kinds.ts";
import {
  CurrencyCodeSchema,
  Id,
  oneOf,
  orNull,
  ref,
  SignedAmount,
  Timestamp,
  UserId,
  VISIBLE_KEYWORD,
} from "./schemas.ts";

export const PlatformName = Type.String({
  pattern: "^[a-z][a-z0-9-]{0,31}$",
  description: "the name of a platform, such as allinone",
});

export const SpendingKindSchema = oneOf(SPENDING_KINDS);

export const WindowSchema = oneOf(WINDOW_NAMES, {
  description: "of the calendar in UTC (a week begins on Monday), or the last `seconds`",
});

export const ConsentVerbSchema = oneOf(CONSENT_VERBS);

export const BudgetSchema = Type.Object(
  {
    version: Type.Integer({ description: "counts the operators' changes" }),
    perDay: orNull(SignedAmount, { description: "a UTC day; null: no bound" }),
    issuedToday: ref(SignedAmount),
    total: orNull(SignedAmount, { description: "null: no bound" }),
    issued: Type.String({ description: "counted since the first budget" }),
    nextDay: ref(Timestamp),
  },
  { $id: "Budget" },
);

export const PlatformIssuanceSchema = Type.Object(
  {
    platform: Type.String(),
    issued: ref(SignedAmount),
    sunk: Type.String({ description: "what came back to its mint: burnt, or spent in the shop" }),
    held: Type.String({
      description: "by its users, and its accounts of fees, escrow and exchange",
    }),
    fromOthers: Type.String({
      description:
        "received from other platforms' users, less what was paid to them: issued + fromOthers = held + sunk",
    }),
    budget: orNull(BudgetSchema, { description: "null: no bound" }),
  },
  { $id: "PlatformIssuance" },
);

export const CurrencyIssuanceSchema = Type.Object(
  {
    currency: ref(CurrencyCodeSchema),
    issued: ref(SignedAmount),
    sunk: ref(SignedAmount),
    held: ref(SignedAmount),
    balanced: Type.Boolean({ description: "issued = held + sunk" }),
    platforms: Type.Array(ref(PlatformIssuanceSchema)),
  },
  { $id: "CurrencyIssuance" },
);

export const PolicyReason = Type.String({
  $id: "PolicyReason",
  minLength: 1,
  maxLength: 255,
  pattern: visiblePattern("\\x00-\\x1f\\x7f-\\x9f"),
  [VISIBLE_KEYWORD]: true,
  description: "why, for the log: 1 to 255 characters, one of which can be seen",
  examples: ["sold coins for money"],
});

export const UserFreezeSchema = Type.Object(
  {
    debits: Type.Boolean({ description: "money out is refused" }),
    credits: Type.Boolean({ description: "money and items in are refused" }),
    reason: ref(PolicyReason),
    since: ref(Timestamp),
    until: orNull(Timestamp, { description: "null: until it is lifted" }),
  },
  { $id: "UserFreeze", description: "items are kept where they are, and sessions are refused" },
);

export const UserFreezesSchema = Type.Object(
  {
    userId: Type.String(),
    platform: orNull(UserFreezeSchema, { description: "null: none" }),
    operator: orNull(UserFreezeSchema, { description: "of New Day; null: none" }),
    audit: orNull(UserFreezeSchema, { description: "of the continuous audit; null: none" }),
  },
  { $id: "UserFreezes" },
);

export const LimitSchema = Type.Object(
  {
    id: ref(Id),
    version: Type.Integer({ description: "counts the changes" }),
    scope: oneOf(LIMIT_SCOPES, {
      description:
        "user: of one user; each: of every user of the platform; platform: of all its users together",
    }),
    owner: Type.String({ description: "operator or platform:<name>; only the owner changes it" }),
    platform: Type.String(),
    userId: orNull(UserId),
    currency: ref(CurrencyCodeSchema),
    kind: Type.Union([SpendingKindSchema, Type.Null()], { description: "null: every payment" }),
    window: WindowSchema,
    seconds: Type.Union([Type.Integer(), Type.Null()], {
      description: "length of a rolling window",
    }),
    maximum: ref(SignedAmount),
    used: ref(SignedAmount),
    left: ref(SignedAmount),
    freesAt: orNull(Timestamp, { description: "when the oldest counted amount counts no more" }),
  },
  { $id: "SpendingLimit" },
);

export const HeadroomSchema = Type.Object(
  {
    policy: Type.String({ description: "names the limit or consent" }),
    version: Type.Integer(),
    userId: ref(UserId),
    currency: ref(CurrencyCodeSchema),
    window: WindowSchema,
    maximum: ref(SignedAmount),
    used: Type.String({ description: "before this operation" }),
    left: Type.String({ description: "before this operation" }),
    freesAt: orNull(Timestamp, { description: "when more is left, if nothing else is counted" }),
  },
  { $id: "Headroom", description: "what a limit or a consent leaves to a payer" },
);

export const HeadroomOfDryRun = Type.Optional(
  Type.Array(ref(HeadroomSchema), {
    description: "of a dry run: what the limits and consents that it would use leave before it",
  }),
);

export const ConsentSchema = Type.Object(
  {
    userId: ref(UserId),
    platform: Type.String({ description: "the platform that is permitted" }),
    currency: ref(CurrencyCodeSchema),
    perDay: ref(SignedAmount),
    verbs: Type.Array(ConsentVerbSchema),
    state: oneOf(["open", "revoked", "expired"]),
    version: Type.Integer({ description: "counts the changes" }),
    grantedBy: Type.String(),
    expiresAt: orNull(Timestamp),
    revokedAt: orNull(Timestamp),
    spentToday: ref(SignedAmount),
    left: ref(SignedAmount),
    nextDay: ref(Timestamp),
  },
  { $id: "Consent" },
);

export const PolicyChangeSchema = Type.Object(
  {
    policy: Type.String(),
    changedAt: ref(Timestamp),
    caller: Type.String({ description: "who changed it" }),
    reason: Type.String(),
    before: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
    after: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
  },
  { $id: "PolicyChange" },
);
