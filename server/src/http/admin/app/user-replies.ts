/** Replies about users of /api/admin. */
import type { IdentityLink } from "../../../identity/link-queries.ts";
import type { TimelineEvent } from "../../../operators/timeline/timeline-event.ts";
import type { FoundUser } from "../../../operators/users/search-users.ts";
import type { UserPage } from "../../../operators/users/user-page.ts";
import { toAccount } from "../../v1/replies/account-reply.ts";
import { toLimit } from "../../v1/replies/policy-reply.ts";
import { toUserFreezes } from "../../v1/replies/user-freeze-reply.ts";

export function toUserSummary(user: FoundUser) {
  const { userId, platform, externalId, displayName, verifiedAt, createdAt } = user;
  return {
    userId,
    platform,
    externalId,
    displayName,
    verifiedAt: verifiedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

export function toUserPage(page: UserPage) {
  const { user, state, accounts, counts, freezes, limits, sessions, opens, openedBy } = page;
  const { walletId, walletOpenedAt, verifiedBy, isPlayer, isTestUser, isErased } = state;
  return {
    user: toUserSummary(user),
    verifiedBy,
    wallet:
      walletId === null || walletOpenedAt === null
        ? null
        : { id: walletId, openedAt: walletOpenedAt.toISOString() },
    flags: { player: isPlayer, testUser: isTestUser, erased: isErased },
    starterClaim: `${state.starterClaim}`,
    accounts: accounts.map(toAccount),
    counts,
    freezes: toUserFreezes(user.userId, freezes),
    limits: limits.map(toLimit),
    sessions: sessions.map(({ id, platform, throughUserId, isVerified, ...times }) => ({
      id,
      platform,
      through: throughUserId,
      verified: isVerified,
      createdAt: times.createdAt.toISOString(),
      expiresAt: times.expiresAt.toISOString(),
    })),
    links: {
      opens: opens === undefined ? null : toLink(opens, opens.userId),
      openedBy: openedBy.map((link) => toLink(link, link.linkedUserId)),
    },
  };
}

function toLink({ platform, linkedAt, linkedBy }: IdentityLink, userId: string) {
  return { userId, platform, linkedAt: linkedAt.toISOString(), linkedBy };
}

export function toTimelineEvent({ kind, event, micros, by, facts }: TimelineEvent) {
  return { kind, event, at: new Date(Number(micros / 1000n)).toISOString(), by, facts };
}
