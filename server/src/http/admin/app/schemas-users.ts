/** Components of the users' part of /api/admin. */
import { Type } from "typebox";
import { TIMELINE_KINDS } from "../../../operators/timeline/timeline-event.ts";
import { Account, Restriction } from "../../v1/schemas/schemas-money.ts";
import {
  LimitSchema,
  UserFreezeSchema,
  UserFreezesSchema,
} from "../../v1/schemas/schemas-policies.ts";
import { Erasure } from "../../v1/schemas/schemas-privacy.ts";
import {
  oneOf,
  orNull,
  PLAIN_TEXT,
  ref,
  SignedAmount,
  Timestamp,
} from "../../v1/schemas/schemas.ts";

/** Longer ones cost more to check; the longest name has 64 letters. */
const SEARCH_LENGTH_MAX = 100;

export const SearchText = Type.String({
  minLength: 1,
  maxLength: SEARCH_LENGTH_MAX,
  pattern: PLAIN_TEXT,
  description: `a part, 1 to ${SEARCH_LENGTH_MAX} letters; upper and lower case find each other`,
});

export const AnyUserId = Type.String({ minLength: 1, maxLength: 255, pattern: PLAIN_TEXT });

export const UserSummarySchema = Type.Object(
  {
    userId: Type.String(),
    platform: Type.String(),
    externalId: Type.Union([Type.String(), Type.Null()], {
      description: "the id that the platform sent; null: the user never logged in",
    }),
    displayName: Type.Union([Type.String(), Type.Null()]),
    verifiedAt: orNull(Timestamp, { description: "null: unverified" }),
    createdAt: ref(Timestamp),
  },
  { $id: "UserSummary" },
);

const counted = (description: string) =>
  Type.Integer({ minimum: 0, description: `${description}; 10000 means so many or more` });

const LinkSchema = Type.Object({
  userId: Type.String(),
  platform: Type.String(),
  linkedAt: ref(Timestamp),
  linkedBy: Type.String(),
});

export const UserPageSchema = Type.Object(
  {
    user: ref(UserSummarySchema),
    verifiedBy: Type.Union([Type.String(), Type.Null()], {
      description: "the platform whose proof verified the user",
    }),
    wallet: Type.Union([
      Type.Object({ id: Type.String(), openedAt: ref(Timestamp) }),
      Type.Null({ description: "the user has no wallet yet" }),
    ]),
    flags: Type.Object({
      player: Type.Boolean({ description: "has a character in New Day's own game" }),
      testUser: Type.Boolean(),
      erased: Type.Boolean(),
    }),
    starterClaim: ref(SignedAmount),
    accounts: Type.Array(ref(Account)),
    counts: Type.Object({
      items: counted("in hand, in escrow, offered or exported"),
      waitingGifts: counted("gifts that wait for the user's answer"),
      activeListings: counted("among the newest listings"),
      listings: counted("of any status"),
      purchases: counted("bought"),
      sales: counted("sold"),
      openHolds: counted("on the user's accounts"),
    }),
    freezes: ref(UserFreezesSchema),
    limits: Type.Array(ref(LimitSchema)),
    sessions: Type.Array(
      Type.Object({
        id: Type.String(),
        platform: Type.String({ description: "of the login" }),
        through: Type.Union([Type.String(), Type.Null()], {
          description: "the linked identity whose login opened it",
        }),
        verified: Type.Boolean(),
        createdAt: ref(Timestamp),
        expiresAt: ref(Timestamp),
      }),
    ),
    links: Type.Object({
      opens: Type.Union([LinkSchema, Type.Null()], {
        description: "the user whose wallet this identity opens",
      }),
      openedBy: Type.Array(LinkSchema, { description: "the identities that open this wallet" }),
    }),
  },
  { $id: "UserPage" },
);

export const TimelineEventSchema = Type.Object(
  {
    kind: oneOf(TIMELINE_KINDS),
    event: Type.String({ description: "what happened, within its kind" }),
    at: ref(Timestamp),
    by: Type.Union([Type.String(), Type.Null()], {
      description: "who did it: `user:<id>`, `platform:<name>`, `operator:<login>`",
    }),
    facts: Type.Record(Type.String(), Type.Unknown(), {
      description: "by kind (docs/operators.md); amounts are strings of minor units",
    }),
  },
  { $id: "TimelineEvent" },
);

export const USER_COMPONENTS = [
  UserSummarySchema,
  UserPageSchema,
  TimelineEventSchema,
  Account,
  Restriction,
  UserFreezeSchema,
  UserFreezesSchema,
  LimitSchema,
  Erasure,
];
