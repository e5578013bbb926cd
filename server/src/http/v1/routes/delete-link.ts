/** `DELETE /api/v1/links/{userId}`: the identity opens its own wallet again. */
import { linkNotFound, unlinkIdentity } from "../../../identity/link-identity.ts";
import { listLinksTo, type IdentityLink } from "../../../identity/link-queries.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import { NewDayError } from "../../../errors/errors.ts";
import type { Services } from "../../context/services.ts";
import type { UserCaller } from "../app/caller.ts";
import type { V1App } from "../app/v1-app.ts";
import { toChangedLink } from "../replies/link-reply.ts";
import { identityOf, userCallerOf } from "../request/user-session.ts";
import { ChangedLinkSchema } from "../schemas/schemas-sessions.ts";
import { ref, strictObject, UserId } from "../schemas/schemas.ts";

const schema = {
  operationId: "deleteLink",
  tags: ["Links"],
  title: { en: "Unlink an identity", zh: "解除身份关联" },
  description:
    "By a session of the wallet's own user, or by one that the linked identity opened. Its sessions end, the " +
    "caller's too in the second case; its next login opens its own wallet, as it was left.",
  params: strictObject({ userId: ref(UserId) }),
  response: { 200: ref(ChangedLinkSchema) },
};

const config = { access: { scope: null, users: true } };

export function deleteLinkRoute(v1: V1App, services: Services): void {
  v1.delete("/links/:userId", { schema, config }, async (request) => {
    const caller = userCallerOf(request);
    const { linkedUserId } = await requireLink(services, caller, request.params.userId);
    requireMayUnlink(caller, linkedUserId);
    const unlinked = { userId: caller.userId, linkedUserId, caller: identityOf(caller) };
    const changed = await unlinkIdentity(services.db, unlinked);
    services.credentials.evictAll(); // the reply promises that its sessions have ended
    return toChangedLink(changed);
  });
}

/**
 * The link as the caller names it, or as the list shows its public id. Errors: `invalid_user_id`,
 * `link_not_found`.
 */
async function requireLink(
  { db }: Services,
  { userId, resolveUserId }: UserCaller,
  said: string,
): Promise<IdentityLink> {
  const named = await resolveUserId(requireUserId(said, "userId"));
  const links = await listLinksTo(db, userId);
  const find = (id: string) => links.find(({ linkedUserId }) => linkedUserId === id);
  const link = find(named) ?? find(said);
  if (!link) throw linkNotFound();
  return link;
}

/** Errors: `forbidden` for the session of another linked identity. */
function requireMayUnlink({ through }: UserCaller, linkedUserId: string): void {
  if (!through || through.userId === linkedUserId) return;
  throw new NewDayError("forbidden", {
    field: "userId",
    rule: {
      en: `must be ${through.userId}, the identity that opened this session`,
      zh: `只能是打开此会话的身份 ${through.userId}`,
    },
    remedy: {
      en: "Log in as the wallet's own user, or as the identity itself.",
      zh: "请以钱包本身的用户或该身份登录",
    },
  });
}
