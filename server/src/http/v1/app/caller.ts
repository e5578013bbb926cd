/**
 * The caller of /api/v1: a user with a session token, or a platform's server with a key.
 *
 * A user's scope is its own wallet and items, a key's scope the users of its platform. Anything
 * outside is `not_found`, so that its existence stays private.
 */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import type { PlatformDirectory } from "../../../identity/platforms/platform-directory.ts";
import {
  resolveUserIdSaidBy,
  type ResolvedUserId,
  type SentUserId,
} from "../../../identity/platforms/user-naming.ts";
import type { LinkedIdentity } from "../../../identity/sessions.ts";
import type { Scope } from "../../../identity/scopes.ts";
import { nameOfActor } from "../../auth/actor-terms.ts";
import { bearerToken } from "../../auth/authenticate.ts";
import { readRequestKey } from "../../auth/request-key.ts";
import type { Services } from "../../context/services.ts";

/** How a caller names users: `ada` and `moon:ada` said by `moon` are one. */
interface Naming {
  readonly resolveUserId: (said: SentUserId, field?: string) => Promise<ResolvedUserId>;
}

export interface UserCaller extends Naming {
  readonly kind: "user";
  readonly userId: string;
  readonly platform: string;
  /** The linked user whose login opened the session. */
  readonly through: LinkedIdentity | null;
  /** True when a signed assertion of the platform opened the session. */
  readonly isVerified: boolean;
  /** Coins a day that refill a test user's purchases. */
  readonly testBudget: bigint | null;
  /** Of a compatibility login: what its user spends in total. */
  readonly spendingCap: bigint | null;
  /** Idempotency keys belong to this scope, and the books name it. */
  readonly name: string;
}

export interface KeyCaller extends Naming {
  readonly kind: "key";
  /** A platform vouches for its own users. */
  readonly isVerified: true;
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
  /** The scope that a platform key needs; null: keys are refused. */
  readonly scope: Scope | null;
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
  if (caller.kind === "key") requireScope(caller, access.scope);
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

/** Errors: `scope_missing`, and `forbidden` on a call for users alone. */
function requireScope({ scopes }: KeyCaller, scope: Scope | null): void {
  if (scope === null)
    throw new NewDayError("forbidden", {
      rule: {
        en: "this call is for a user's session, not for a platform's key",
        zh: "此接口只供用户会话调用，平台密钥不可用",
      },
      remedy: {
        en: "Have the user call it with the token of their login.",
        zh: "请由用户使用登录令牌调用",
      },
    });
  if (scopes.has(scope)) return;
  throw new NewDayError("scope_missing", {
    rule: { en: `this call needs the scope ${scope}`, zh: `此调用需要权限 ${scope}` },
    remedy: {
      en: "Use a key that has it. Operator: create one with `newday key create --scopes ...`.",
      zh: "请使用具备该权限的密钥。运维人员：可用 newday key create --scopes ... 创建",
    },
    scope,
  });
}

async function readCaller(services: Services, request: FastifyRequest): Promise<Caller> {
  const key = await readRequestKey(services, request);
  if (key) {
    const { id, platform, scopes, role } = key;
    const operator = role === "operator";
    // The platform owns the idempotency keys, so that a rotated key posts once. For an operator the
    // books name the key itself.
    const name = operator ? `operator:${id}` : `platform:${platform}`;
    return {
      kind: "key",
      isVerified: true,
      testBudget: null,
      keyId: id,
      operator,
      platform,
      scopes,
      name,
      ...namingOf(services.platforms, platform),
    };
  }
  const credential = bearerToken(request);
  if (credential === undefined)
    throw new NewDayError("invalid_token", {
      field: "Authorization",
      rule: {
        en: "must be `Bearer <session token or platform key>`",
        zh: "必须是 Bearer <会话令牌或平台密钥>",
      },
      remedy: {
        en: "Log in (POST /api/allinone/auth/login) or use a platform key. Operator: create one with `newday key create`.",
        zh: "请登录（POST /api/allinone/auth/login）或使用平台密钥。运维人员：可用 newday key create 创建",
      },
    });
  const session = await services.readSession(credential);
  const { userId, platform, through, isVerified, testBudget, spendingCap } = session;
  return {
    kind: "user",
    userId,
    platform,
    through,
    isVerified,
    testBudget,
    spendingCap,
    name: nameOfActor(session),
    ...namingOf(services.platforms, platform),
  };
}

/** Asks the directory of platforms only when a request names a user. */
function namingOf(platforms: PlatformDirectory, platform: string): Naming {
  return {
    resolveUserId: (said, field) => resolveUserIdSaidBy(platforms, platform, said, field),
  };
}
