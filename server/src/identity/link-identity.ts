/**
 * Links a second identity to the wallet of a first one, and unlinks it.
 *
 * Both prove themselves: the first by a verified session, the second by an assertion. Afterwards the logins of
 * the second open the first one's wallet. Its own wallet, items and history rest untouched until it is
 * unlinked; a collision is refused and nothing is merged.
 */
import type { Database, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { requireUnfrozenUser } from "../policy/user-freezes/frozen-login.ts";
import { identifyByAssertion, useAssertionOnce } from "./assertion-login.ts";
import { findOrInsertUser, recordProof } from "./find-or-insert-user.ts";
import type { LoginPolicy } from "./login-policy.ts";
import { lockSessionsOfUser, revokeSessionsOfUser } from "./session-queries.ts";
import {
  deleteLink,
  findLinkOf,
  insertLink,
  listLinksTo,
  lockLinks,
  type IdentityLink,
} from "./link-queries.ts";

/** More identities than a person has; it bounds the list. */
const LINKS_PER_USER_MAX = 20;

/** The first identity, by its own verified session. */
export interface LinkOwner {
  readonly userId: string;
  /** As the books name the caller. */
  readonly name: string;
}

export interface ChangedLink {
  readonly link: IdentityLink;
  /** Sessions of the linked identity that the change ended; caches of this process still hold them. */
  readonly endedSessions: number;
}

/**
 * Links the user whom the assertion names; an equal link stays as it is. Errors: those of
 * `identifyByAssertion`, `user_frozen`, and a collision: `link_to_itself`, `linked_elsewhere`,
 * `identity_has_links`, `identity_is_linked`, `too_many_links`.
 */
export async function linkIdentity(
  db: Database,
  { owner, assertion }: { readonly owner: LinkOwner; readonly assertion: string },
  policy: LoginPolicy,
): Promise<ChangedLink> {
  const { userId: linkedUserId, platform, proof } = await identifyByAssertion(assertion, policy);
  return db.transaction(async (tx) => {
    await useAssertionOnce(tx, proof);
    await lockLinks(tx);
    const existing = await findLinkOf(tx, linkedUserId);
    if (existing?.userId === owner.userId) return { link: existing, endedSessions: 0 };
    await refuseCollisions(tx, { owner, linkedUserId, existing });
    const linked = { userId: linkedUserId, platform, displayName: undefined, isVerified: true };
    await findOrInsertUser(tx, linked);
    await lockSessionsOfUser(tx, linkedUserId);
    await lockSessionsOfUser(tx, owner.userId);
    for (const userId of [linkedUserId, owner.userId]) await requireUnfrozenUser(tx, userId);
    await recordProof(tx, linkedUserId, platform.name);
    const endedSessions = await revokeSessionsOfUser(tx, linkedUserId);
    await insertLink(tx, { linkedUserId, userId: owner.userId, linkedBy: owner.name });
    const link = await findLinkOf(tx, linkedUserId);
    if (!link) throw new Error("a link that was just inserted is missing");
    return { link, endedSessions };
  });
}

interface PlannedLink {
  readonly owner: LinkOwner;
  readonly linkedUserId: string;
  readonly existing: IdentityLink | undefined;
}

async function refuseCollisions(
  tx: Transaction,
  { owner, linkedUserId, existing }: PlannedLink,
): Promise<void> {
  const userId = linkedUserId;
  if (linkedUserId === owner.userId) throw new NewDayError("link_to_itself", { userId });
  if (existing) throw new NewDayError("linked_elsewhere", { userId });
  if (await findLinkOf(tx, owner.userId))
    throw new NewDayError("identity_is_linked", { userId: owner.userId });
  if ((await listLinksTo(tx, linkedUserId)).length > 0)
    throw new NewDayError("identity_has_links", { userId });
  if ((await listLinksTo(tx, owner.userId)).length >= LINKS_PER_USER_MAX)
    throw new NewDayError("too_many_links", { userId: owner.userId, maximum: LINKS_PER_USER_MAX });
}

/**
 * Deletes a link to the wallet of `userId` and ends the sessions that it opened. Its logins open their own
 * wallet again. Errors: `link_not_found`.
 */
export function unlinkIdentity(
  db: Database,
  { userId, linkedUserId, caller }: { userId: string; linkedUserId: string; caller: string },
): Promise<ChangedLink> {
  return db.transaction(async (tx) => {
    await lockLinks(tx);
    const link = await findLinkOf(tx, linkedUserId);
    if (link?.userId !== userId) throw linkNotFound();
    await lockSessionsOfUser(tx, linkedUserId);
    await lockSessionsOfUser(tx, userId);
    const endedSessions = await revokeSessionsOfUser(tx, linkedUserId);
    await deleteLink(tx, { linkedUserId, caller });
    return { link, endedSessions };
  });
}

export function linkNotFound(): NewDayError {
  return new NewDayError("link_not_found", {
    field: "userId",
    rule: {
      en: "names no identity that is linked to the caller's wallet",
      zh: "不是已关联到调用方钱包的身份",
    },
  });
}
