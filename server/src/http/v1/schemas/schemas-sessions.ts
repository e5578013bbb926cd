/** Sessions and links: what a login returns, and what a user sees of their own. */
import { Type } from "typebox";
import { ref, Timestamp, UserId } from "./schemas.ts";

export const SessionId = Type.String({
  $id: "SessionId",
  pattern: "^ses_[0-9a-f]{32}$",
  description: "names a session and opens nothing",
  examples: ["ses_0123456789abcdef0123456789abcdef"],
});

const sessionMembers = {
  id: ref(SessionId),
  userId: ref(UserId),
  platform: Type.String({ description: "the platform whose login opened it" }),
  through: Type.Optional(ref(UserId)),
  proven: Type.Boolean({ description: "true when a signed assertion opened it" }),
  createdAt: ref(Timestamp),
  expiresAt: ref(Timestamp),
};

/** An assertion in a body: a JWT. */
export const AssertionText = Type.String({
  minLength: 1,
  maxLength: 4096,
  pattern: "^[\\x21-\\x7e]+$",
});

export const SessionSchema = Type.Object(
  {
    ...sessionMembers,
    current: Type.Boolean({ description: "true for the session of this request" }),
  },
  { $id: "Session" },
);

export const OpenedSession = Type.Object(
  {
    ...sessionMembers,
    token: Type.String({ description: "the credential of the user, shown this once" }),
    displayName: Type.String(),
    isNewUser: Type.Boolean({ description: "true for the first login of this user" }),
  },
  { $id: "OpenedSession" },
);

export const EndedSessions = Type.Object(
  { ended: Type.Integer({ minimum: 0, description: "how many live sessions ended" }) },
  { $id: "EndedSessions" },
);

export const LinkSchema = Type.Object(
  {
    userId: ref(UserId),
    platform: Type.String({ description: "of the linked identity" }),
    opens: Type.String({ description: "the user whose wallet its logins open" }),
    linkedAt: ref(Timestamp),
    linkedBy: Type.String({ description: "the caller, as the books name them" }),
  },
  { $id: "Link", description: "an identity whose logins open another user's wallet" },
);

export const ChangedLinkSchema = Type.Object(
  {
    ...LinkSchema.properties,
    endedSessions: Type.Integer({
      minimum: 0,
      description: "how many live sessions of the linked identity ended",
    }),
  },
  { $id: "ChangedLink" },
);
