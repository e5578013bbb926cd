/** `POST /api/v1/links`: a second identity opens the wallet of the caller from now on. */
import { claimedPlatform } from "../../../identity/assertion.ts";
import { linkIdentity } from "../../../identity/link-identity.ts";
import { isNewDayError } from "../../../errors/errors.ts";
import type { Message } from "../../../lib/messages.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import { logRefusedLogin } from "../../auth/log-refused-login.ts";
import type { Services } from "../../context/services.ts";
import { limitTo, LOGINS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { UserCaller } from "../app/caller.ts";
import type { V1App } from "../app/v1-app.ts";
import { toChangedLink } from "../replies/link-reply.ts";
import { requireOwnLogin, requireProof, userCallerOf } from "../request/user-session.ts";
import { AssertionText, ChangedLinkSchema } from "../schemas/schemas-sessions.ts";
import { ref, strictObject } from "../schemas/schemas.ts";

const schema = {
  operationId: "postLink",
  tags: ["Links"],
  title: { en: "Link a second identity to the wallet", zh: "将第二个身份关联到钱包" },
  description:
    "Both identities prove themselves: the first by its own verified session, the second by an assertion of its " +
    "platform, which is used up. From then on the logins of the second open the first one's wallet; its own wallet, " +
    "items and history rest untouched until it is unlinked. Its sessions end. Nothing is merged: each collision is " +
    "a 409 of its own.",
  body: strictObject({ assertion: AssertionText }),
  response: { 201: ref(ChangedLinkSchema) },
};

const config = { ...limitTo(LOGINS_PER_WINDOW).config, access: { scope: null, users: true } };

export function postLinkRoute(v1: V1App, services: Services): void {
  v1.post("/links", { schema, config }, async (request, reply) => {
    const owner = requireOwnProof(userCallerOf(request));
    const { assertion, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { owner, assertion };
    const changed = await linkIdentity(services.db, wanted, services.loginPolicy).catch(
      (error: unknown) => {
        // A collision is the caller's to read; the cause of a refused assertion is in the log alone.
        const isCollision = isNewDayError(error) && error.definition.status === 409;
        if (!isCollision) logRefusedLogin(request, claimedPlatform(assertion), error);
        throw error;
      },
    );
    services.credentials.evictAll(); // the reply promises that the identity's sessions have ended
    void reply.code(201);
    return toChangedLink(changed);
  });
}

/** Errors: `forbidden` for a session without a proof of the wallet's own user. */
function requireOwnProof(caller: UserCaller): UserCaller {
  const why = {
    en: "a link needs the proofs of both identities",
    zh: "关联需要两个身份的证明",
  };
  requireProof(caller, why, PROVE_FIRST);
  requireOwnLogin(caller, PROVE_FIRST);
  return caller;
}

const PROVE_FIRST: Message = {
  en: "Log in as the first identity with an assertion of its platform: POST /api/v1/sessions.",
  zh: "请使用第一个身份的平台断言登录：POST /api/v1/sessions",
};
