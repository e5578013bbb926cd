/**
 * The caller of /api/v1: a user with a session token, or a platform's server with a key.
 *
 * A user's scope is its own wallet and items, a key's scope the users of its platform. Anything
 * outside is `not_found`, so that its existence stays private.
 */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import type { Scope } from "../../../identity/scopes.ts";
import { bearerToken } from "../../auth/authenticate.ts";
import { readRequestKey } from "../../auth/request-key.ts";
import type { Services } from "../../context/services.ts";

export interface UserCaller {
  readonly kind: "user";
  readonly userId: string;
  readonly platform: string;
  /** True when a signed assertion of the platform opened the session. */
  readonly proven: boolean;
  /** Coins a day that refill a test user's purchases. */
  readonly testBudget: bigint | null;
  /** Idempotency keys belong to this scope, and the books name it. */
  readonly name: string;
}

export interface KeyCaller {
  readonly kind: "key";
  /** A platform vouches for its own users. */
  readonly proven: true;
  readonly testBudget: null;
  readonly keyId: string;
  /** Acts as New Day for the users of every platform. */
  readonly operator: boolean;
  readonly platform: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly name: string;
}

export type Caller = UserCaller | KeyCaller;

/** A route's requirements on its caller; every route of /api/v1 has them. */
export interface Access {
  /** The scope that a platform key needs. */
  readonly scope: Scope;
  /** True when a user may call it for itself. */
  readonly users: boolean;
}

/** Errors: `invalid_token`, `scope_missing`, `forbidden`. */
export async function identify(
  services: Services,
  request: FastifyRequest,
  access: Access,
): Promise<Caller> {
  const caller = await readCaller(services, request);
  if (caller.kind === "key" && !caller.scopes.has(access.scope))
    throw new NewDayError("scope_missing", {
      rule: {
        en: `this call needs the scope ${access.scope}`,
        zh: `此调用需要权限 ${access.scope}`,
      },
      remedy: {
        en: "Use a key that has it: newday key create --scopes ...",
        zh: "请使用具备该权限的密钥：newday key create --scopes ...",
      },
      scope: access.scope,
    });
  if (caller.kind === "user" && !access.users)
    throw new NewDayError("forbidden", {
      rule: {
        en: "this call is for a platform's server, not for a user",
        zh: "此接口只供平台服务器调用",
      },
      remedy: {
        en: `Use a platform key with the scope ${access.scope}.`,
        zh: `请使用具备 ${access.scope} 权限的平台密钥`,
      },
    });
  return caller;
}

async function readCaller(services: Services, request: FastifyRequest): Promise<Caller> {
  const credential = bearerToken(request);
  if (credential === undefined)
    throw new NewDayError("invalid_token", {
      field: "Authorization",
      rule: {
        en: "must be `Bearer <session token or platform key>`",
        zh: "必须是 Bearer <会话令牌或平台密钥>",
      },
      remedy: {
        en: "Log in (POST /api/allinone/auth/login) or use a platform key (newday key create).",
        zh: "请登录（POST /api/allinone/auth/login）或使用平台密钥（newday key create）",
      },
    });
  const key = await readRequestKey(services, request);
  if (key) {
    const { id, platform, scopes, role } = key;
    const operator = role === "operator";
    // The platform owns the idempotency keys, so that a rotated key posts once. For an operator the
    // books name the key itself.
    const name = operator ? `operator:${id}` : `platform:${platform}`;
    return {
      kind: "key",
      proven: true,
      testBudget: null,
      keyId: id,
      operator,
      platform,
      scopes,
      name,
    };
  }
  const { userId, platform, proven, testBudget } = await services.readSession(credential);
  return { kind: "user", userId, platform, proven, testBudget, name: `user:${userId}` };
}
