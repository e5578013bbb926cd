/** Platforms, their keys, currencies, exchange pairs and budgets on /api/admin. */
import { Type } from "typebox";
import type { JsonObject } from "../../../engine/operation.ts";
import { SCOPES, type KeyRole, type Scope } from "../../../identity/scopes.ts";
import type { PlatformLoginPolicy } from "../../../identity/platforms/platform-queries.ts";
import { Quantity } from "../../v1/schemas/schemas-items.ts";
import { PlatformName } from "../../v1/schemas/schemas-policies.ts";
import { StockId, StockOfferSchema } from "../../v1/schemas/schemas-stock.ts";
import { CurrencyCodeSchema, oneOf, orNull, ref, Timestamp } from "../../v1/schemas/schemas.ts";

/** Exact as a JSON number on the older surfaces. */
export const Units = Type.String({
  $id: "Units",
  pattern: "^(0|[1-9][0-9]{0,15})$",
  description: "a whole number of minor units from 0, as a decimal string of 1 to 16 digits",
  examples: ["1000"],
});

export const SignedUnits = Type.String({
  $id: "SignedUnits",
  pattern: "^(0|-?[1-9][0-9]{0,15})$",
  description: "a whole number of minor units, as a decimal string of 1 to 16 digits",
  examples: ["-1000"],
});

const LOGINS: readonly PlatformLoginPolicy[] = ["none", "compatibility", "hmac", "jwks"];

export const LoginPolicySchema = oneOf(LOGINS, {
  $id: "LoginPolicy",
  description:
    "how users prove themselves: hmac (a secret), jwks (public keys), none; compatibility: also without a proof, within a cap",
});

export const KeySetSchema = Type.Unsafe<JsonObject>(
  Type.Object(
    { keys: Type.Array(Type.Object({}), { minItems: 1, maxItems: 20 }) },
    { $id: "KeySet", description: "a JSON Web Key Set of 1 to 20 public keys" },
  ),
);

/** What an operator sets of a platform; what is left out stays, or is as of a new platform. */
export const platformValues = {
  login: Type.Optional(ref(LoginPolicySchema)),
  origins: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      maxItems: 50,
      description: "at most 50 origins of its pages, such as https://game.example",
    }),
  ),
  jwks: Type.Optional(ref(KeySetSchema)),
  jwksUrl: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: "the https address where its backend publishes its keys",
    }),
  ),
  starterGrant: Type.Optional(ref(Units)),
  starterBudgetPerDay: Type.Optional(
    orNull(Units, { description: "minor units a UTC day, 1 to 16 digits; or null for no bound" }),
  ),
  compatibilityCap: Type.Optional(ref(Units)),
  compatibilityAccepted: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: "the sentence that says what it permits; a refusal shows it",
    }),
  ),
};

/** Thirty days, as with the command. */
const KEEP_SECONDS_MAX = 30 * 86_400;

export const keepOldFor = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: KEEP_SECONDS_MAX,
    default: 0,
    description: `seconds that the old secret goes on proving logins, 0 to ${KEEP_SECONDS_MAX}`,
  }),
);

const textOrNull = Type.Union([Type.String(), Type.Null()]);

export const PlatformSchema = Type.Object(
  {
    name: PlatformName,
    status: oneOf(["active", "suspended"] as const),
    suspendedReason: textOrNull,
    bareIds: Type.Boolean({ description: "true: ids of its users have no prefix" }),
    login: ref(LoginPolicySchema),
    origins: Type.Array(Type.String()),
    jwks: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: "id, algorithm and thumbprint of each public key",
    }),
    jwksUrl: textOrNull,
    starterGrant: Type.String({ description: "minor units" }),
    starterBudgetPerDay: Type.String({ description: "minor units a UTC day, or `unlimited`" }),
    compatibilityCap: textOrNull,
    compatibilityAccepted: textOrNull,
    secrets: Type.Array(Type.String(), { description: "mark and state of each; never a secret" }),
    createdAt: ref(Timestamp),
  },
  { $id: "Platform" },
);

const ROLES: readonly KeyRole[] = ["platform", "operator"];
export const KeyRoleSchema = oneOf(ROLES, {
  $id: "KeyRole",
  description: "platform: for the users of its platform; operator: as New Day, for all users",
});
export const ScopeSchema = oneOf(Object.keys(SCOPES) as Scope[], { $id: "Scope" });

export const PlatformKeySchema = Type.Object(
  {
    id: Type.String(),
    platform: PlatformName,
    role: ref(KeyRoleSchema),
    label: Type.String(),
    scopes: Type.Array(Type.String()),
    createdAt: ref(Timestamp),
    expiresAt: orNull(Timestamp),
    revokedAt: orNull(Timestamp),
  },
  { $id: "PlatformKey" },
);

export const ManagedCurrencySchema = Type.Object(
  {
    code: ref(CurrencyCodeSchema),
    scale: Type.Integer({ description: "decimal places of the minor unit" }),
    minimum: Type.String(),
    maximum: Type.String(),
    exposure: Type.String({ description: "what a platform may owe through exchange" }),
    minters: Type.Array(Type.String()),
  },
  { $id: "ManagedCurrency" },
);

/** What accounts of a currency are bounded by. */
export const currencyBounds = {
  minimum: Type.Optional(ref(SignedUnits)),
  maximum: Type.Optional(ref(Units)),
  exposure: Type.Optional(ref(Units)),
};

export const RatePart = Type.String({
  $id: "RatePart",
  pattern: "^[1-9][0-9]{0,17}$",
  description: "a whole number above zero, as a decimal string of 1 to 18 digits",
});

export const ExchangePairSchema = Type.Object(
  {
    from: ref(CurrencyCodeSchema),
    to: ref(CurrencyCodeSchema),
    numerator: Type.String({ description: "minor units of `to` for `denominator` of `from`" }),
    denominator: Type.String(),
  },
  { $id: "ExchangePair" },
);

export const ManagedBudgetSchema = Type.Object(
  {
    platform: PlatformName,
    currency: ref(CurrencyCodeSchema),
    version: Type.Integer({ description: "counts its changes" }),
    perDay: textOrNull,
    issuedToday: Type.String(),
    total: textOrNull,
    issued: Type.String(),
  },
  { $id: "ManagedBudget" },
);

export const SETTING_COMPONENTS = [
  Units,
  SignedUnits,
  LoginPolicySchema,
  KeySetSchema,
  PlatformSchema,
  KeyRoleSchema,
  ScopeSchema,
  PlatformKeySchema,
  ManagedCurrencySchema,
  RatePart,
  ExchangePairSchema,
  ManagedBudgetSchema,
  Quantity,
  StockId,
  StockOfferSchema,
];
