/** The components of /api/admin's document. */
import { Type } from "typebox";
import { AUDIT_COMPONENTS } from "./schemas-audit.ts";
import { REPAIR_COMPONENTS } from "./schemas-repair.ts";
import { ECONOMY_COMPONENTS } from "./schemas-economy.ts";
import { OPERATOR_ROLES, type OperatorRole } from "../../../operators/roles.ts";
import { PolicyReason } from "../../v1/schemas/schemas-policies.ts";
import {
  Amount,
  CurrencyCodeSchema,
  Id,
  Metadata,
  oneOf,
  Problem,
  ref,
  Reference,
  SHOWN_NAME,
  SignedAmount,
  Timestamp,
  UserId,
  type Component,
} from "../../v1/schemas/schemas.ts";

import { THING_COMPONENTS } from "./schemas-things.ts";
import { SETTING_COMPONENTS } from "./schemas-settings.ts";
import { USER_COMPONENTS } from "./schemas-users.ts";

export const RoleSchema = oneOf(Object.keys(OPERATOR_ROLES) as OperatorRole[], { $id: "Role" });

export const LoginSchema = Type.String({
  $id: "Login",
  pattern: "^[a-z0-9][a-z0-9._@+-]{0,63}$",
  description: "1 to 64 of a-z, 0-9 and . _ @ + -, beginning with a letter or digit",
  examples: ["ada"],
});

export const PasswordSchema = Type.String({
  $id: "Password",
  minLength: 1,
  maxLength: 256,
  description: "15 to 256 characters, such as four words; not the login",
});

export const CodeSchema = Type.String({
  $id: "Code",
  pattern: "^[0-9]{6}$",
  description: "the six digits that the authenticator app shows",
});

export const ReasonSchema = Type.String({
  $id: "Reason",
  minLength: 1,
  maxLength: 500,
  ...SHOWN_NAME,
  description: "why, recorded with the act: 1 to 500 characters that can be seen",
});

export const OperatorSchema = Type.Object(
  {
    id: Type.String(),
    login: Type.String(),
    displayName: Type.String(),
    role: ref(RoleSchema),
    status: oneOf(["invited", "active", "suspended"]),
    hasSecondFactor: Type.Boolean(),
    createdAt: ref(Timestamp),
  },
  { $id: "Operator" },
);

export const OperatorSessionSchema = Type.Object(
  {
    operatorId: Type.String(),
    login: Type.String(),
    displayName: Type.String(),
    role: ref(RoleSchema),
    secondFactor: Type.Boolean({ description: "true when the sign-in showed a second factor" }),
    hasSecondFactor: Type.Boolean(),
    expiresAt: ref(Timestamp),
    csrfToken: Type.String({ description: "sent as X-CSRF-Token with what changes something" }),
  },
  { $id: "OperatorSession" },
);

export const OperatorKeySchema = Type.Object(
  {
    id: Type.String(),
    label: Type.String(),
    role: ref(RoleSchema),
    madeBy: Type.String(),
    createdAt: ref(Timestamp),
    expiresAt: Type.Union([ref(Timestamp), Type.Null()]),
    revokedAt: Type.Union([ref(Timestamp), Type.Null()]),
  },
  { $id: "OperatorKey" },
);

/** What an act changed, with a credential that it made, shown this once. */
export const ChangeSchema = Type.Object(
  {
    what: Type.String(),
    subject: Type.String(),
    before: Type.Unknown({ description: "null for what is new" }),
    after: Type.Unknown(),
    secret: Type.Optional(Type.String({ description: "shown this once" })),
  },
  { $id: "Change" },
);

export const ActSchema = Type.Object(
  {
    id: Type.String(),
    at: ref(Timestamp),
    operator: Type.String({ description: "who: a person, a key, or a user of the machine" }),
    what: Type.String(),
    subject: Type.String({ description: "whom or what it changed" }),
    reason: Type.Union([Type.String(), Type.Null()]),
    before: Type.Unknown(),
    after: Type.Unknown(),
  },
  { $id: "Act" },
);

/** What an act on a user did, or would do. */
export const ActOutcomeSchema = Type.Object(
  {
    what: Type.String(),
    subject: Type.String(),
    before: Type.Unknown({ description: "null for what is new" }),
    after: Type.Unknown(),
    transferId: Type.Union([ref(Id), Type.Null()], {
      description: "the posting in the books; null in a preview, and of an act that waits",
    }),
    approval: Type.Union([ref(Id), Type.Null()], {
      description: "the approval that it waits for, or was done by",
    }),
    needsApproval: Type.Boolean({ description: "true: a second person decides" }),
    replayed: Type.Boolean({ description: "true: done by an earlier request of the same key" }),
    dryRun: Type.Boolean(),
    secret: Type.Optional(
      Type.String({ description: "a credential that it made, shown this once" }),
    ),
  },
  { $id: "ActOutcome" },
);

/** Replies of every act on a user: a preview, done, or waiting for a second person. */
export const actReplies = {
  200: ref(ActOutcomeSchema),
  201: ref(ActOutcomeSchema),
  202: ref(ActOutcomeSchema),
};

export const ApprovalSchema = Type.Object(
  {
    id: ref(Id),
    what: Type.String(),
    subject: Type.Union([Type.String(), Type.Null()], {
      description: "null once the user was erased",
    }),
    reason: Type.Union([Type.String(), Type.Null()]),
    request: Type.Unknown({ description: "what was asked for" }),
    before: Type.Unknown({ description: "as previewed when it was asked for" }),
    after: Type.Unknown(),
    role: ref(RoleSchema),
    askedBy: Type.String(),
    askedAt: ref(Timestamp),
    expiresAt: ref(Timestamp),
    status: oneOf(["pending", "expired", "approved", "done", "rejected"]),
    decidedBy: Type.Union([Type.String(), Type.Null()]),
    decidedAt: Type.Union([ref(Timestamp), Type.Null()]),
    decisionReason: Type.Union([Type.String(), Type.Null()]),
    isOwn: Type.Boolean({ description: "true: the caller asked for it, and cannot approve it" }),
  },
  { $id: "Approval" },
);

export const ActLimitSchema = Type.Object(
  {
    currency: Type.Union([ref(CurrencyCodeSchema), Type.Null()], {
      description: "null: of every currency without a limit of its own",
    }),
    maximum: Type.String({ description: "minor units a day" }),
  },
  { $id: "ActLimit" },
);

export const ConfiscationSchema = Type.Object(
  {
    id: ref(Id),
    userId: Type.String(),
    currency: Type.Union([ref(CurrencyCodeSchema), Type.Null()]),
    amount: Type.String({ description: "minor units; 0 without money" }),
    items: Type.Array(Type.String()),
    takenAt: ref(Timestamp),
    returnedAt: Type.Union([ref(Timestamp), Type.Null()], { description: "null: it is held" }),
  },
  { $id: "Confiscation" },
);

export const ADMIN_COMPONENTS = [
  ConfiscationSchema,
  Amount,
  ApprovalSchema,
  ActLimitSchema,
  CurrencyCodeSchema,
  Id,
  PolicyReason,
  SignedAmount,
  UserId,
  ActOutcomeSchema,
  Problem,
  Timestamp,
  RoleSchema,
  LoginSchema,
  PasswordSchema,
  CodeSchema,
  ReasonSchema,
  OperatorSchema,
  OperatorSessionSchema,
  OperatorKeySchema,
  ChangeSchema,
  ActSchema,
  ...ECONOMY_COMPONENTS,
  ...AUDIT_COMPONENTS,
  ...REPAIR_COMPONENTS,
  ...USER_COMPONENTS,
  ...THING_COMPONENTS,
  Metadata,
  Reference,
  ...SETTING_COMPONENTS,
] as unknown as readonly Component[];
