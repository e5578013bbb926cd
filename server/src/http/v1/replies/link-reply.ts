/** The reply of links between identities. */
import type { Static } from "typebox";
import type { ChangedLink } from "../../../identity/link-identity.ts";
import type { IdentityLink } from "../../../identity/link-queries.ts";
import type { ChangedLinkSchema, LinkSchema } from "../schemas/schemas-sessions.ts";

export function toLink({
  linkedUserId,
  platform,
  userId,
  linkedAt,
  linkedBy,
}: IdentityLink): Static<typeof LinkSchema> {
  return {
    userId: linkedUserId,
    platform,
    opens: userId,
    linkedAt: linkedAt.toISOString(),
    linkedBy,
  };
}

export function toChangedLink({
  link,
  endedSessions,
}: ChangedLink): Static<typeof ChangedLinkSchema> {
  return { ...toLink(link), endedSessions };
}
