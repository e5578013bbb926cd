/** What the session of a user proves: the user, their own login, or that of a linked identity. */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import type { Message } from "../../../lib/messages.ts";
import { nameOfActor } from "../../auth/actor-terms.ts";
import type { Caller, UserCaller } from "../app/caller.ts";
import { callerOf } from "../app/v1-app.ts";

/** Throws for a key: the route's access has refused it. */
export function userCallerOf(request: FastifyRequest): UserCaller {
  const caller = callerOf(request);
  if (caller.kind !== "user") throw new Error("a route for users alone was called with a key");
  return caller;
}

/** The caller as the log of identities names them: the linked user who logged in, or the user. */
export function identityOf({ name, through }: UserCaller): string {
  return through ? nameOfActor({ userId: through.userId, spendingCap: null }) : name;
}

/** A key passes: its platform vouches for its users. Errors: `forbidden` with `why` for a login without a proof. */
export function requireProof({ isVerified }: Caller, why: Message, remedy = PROVE): void {
  if (isVerified) return;
  throw new NewDayError("forbidden", {
    rule: {
      en: `this session was opened without a proof, and ${why.en}`,
      zh: `此会话未经验证，${why.zh}`,
    },
    remedy,
  });
}

/** Errors: `forbidden` for a session that a linked identity opened. */
export function requireOwnLogin(caller: Caller, remedy = LOG_IN_AS_OWNER): void {
  if (caller.kind === "key" || !caller.through) return;
  throw new NewDayError("forbidden", {
    rule: {
      en: `this session was opened through the linked identity ${caller.through.userId}`,
      zh: `此会话由已关联的身份 ${caller.through.userId} 打开`,
    },
    remedy,
  });
}

const PROVE: Message = {
  en: "Log in with an assertion of the user's platform (POST /api/v1/sessions), or have its server send this with its key.",
  zh: "请使用用户所属平台的断言登录（POST /api/v1/sessions），或由该平台服务器以密钥发送",
};

const LOG_IN_AS_OWNER: Message = {
  en: "Log in as the wallet's own user: POST /api/v1/sessions.",
  zh: "请以钱包本身的用户登录：POST /api/v1/sessions",
};
