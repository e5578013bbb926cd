/** The operator of a request: a person by the console's cookie, or a machine by its key. */
import type { FastifyRequest } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import {
  readOperatorKey,
  readOperatorSession,
  requireCsrfToken,
  type Operator,
  type OperatorSession,
} from "../../../operators/operator-sessions.ts";
import type { ActContext } from "../../../operators/acts/act.ts";
import { idempotencyOf } from "../../v1/request/stored-key.ts";
import { isDryRun } from "../../v1/request/post-operation.ts";
import type { OperatorContext } from "../../../identity/operator-changes/operator-changes.ts";
import { personOf } from "../../../operators/person-of.ts";
import { includesRole, type OperatorRole } from "../../../operators/roles.ts";
import { bearerToken } from "../../auth/authenticate.ts";
import type { Services } from "../../context/services.ts";

/** A route's requirements on its operator; every route of /api/admin has them, but those that sign in. */
export interface OperatorAccess {
  readonly role: OperatorRole;
  /** True where a person without a second factor sets one up. */
  readonly beforeSecondFactor?: boolean;
}

declare module "fastify" {
  interface FastifyContextConfig {
    operators?: OperatorAccess;
  }
  interface FastifyRequest {
    operator: Operator | null;
  }
}

export const SESSION_COOKIE = "newday_operator";
const CSRF_HEADER = "x-csrf-token";
/** Methods that change nothing. */
const SAFE = new Set(["GET", "HEAD"]);
/** What a browser says of the console's own requests, and of an address that a person typed. */
const OWN_SITES = new Set([undefined, "same-origin", "none"]);

/** Errors: `operator_session_invalid`, `csrf_refused`, `second_factor_due`, `role_missing`. */
export async function identifyOperator(
  { db, config }: Pick<Services, "db" | "config">,
  request: FastifyRequest,
  { role, beforeSecondFactor = false }: OperatorAccess,
): Promise<Operator> {
  const operator = await readOperator(db, request);
  const isProduction = config.mode === "production";
  const lacksFactor = operator.session !== null && !operator.session.secondFactor;
  if (isProduction && lacksFactor && role !== "viewer" && !beforeSecondFactor)
    throw new NewDayError("second_factor_due", {});
  if (!includesRole(operator.role, role))
    throw new NewDayError("role_missing", {
      rule: { en: `this call needs the role ${role}`, zh: `此操作需要角色 ${role}` },
    });
  return operator;
}

async function readOperator(db: Services["db"], request: FastifyRequest): Promise<Operator> {
  const key = bearerToken(request);
  if (key !== undefined) return readOperatorKey(db, key);
  const operator = await readOperatorSession(db, request.cookies[SESSION_COOKIE] ?? "");
  const site = request.headers["sec-fetch-site"] as string | undefined;
  // A browser attaches the cookie to requests of pages of a neighbouring origin, too.
  if (!OWN_SITES.has(site)) throw new NewDayError("csrf_refused", { field: "Sec-Fetch-Site" });
  if (operator.session && !SAFE.has(request.method))
    requireCsrfToken(operator.session, request.headers[CSRF_HEADER]);
  return operator;
}

/** The operator that the plugin identified before the handler ran. */
export function operatorOf(request: FastifyRequest): Operator {
  if (!request.operator) throw new Error("a route without access asked for its operator");
  return request.operator;
}

/** A person's session. Errors: `role_missing` for a machine, which has no password and no second factor. */
export function sessionOf(request: FastifyRequest): OperatorSession {
  const { session } = operatorOf(request);
  if (session) return session;
  throw new NewDayError("role_missing", {
    rule: { en: "this call is for people, not for keys", zh: "此操作仅供人员使用，不接受密钥" },
  });
}

/** Who changes, why, and whether it is a preview. */
export function contextOf(
  request: FastifyRequest<{ Querystring: { dryRun?: boolean } }>,
  reason?: string,
): OperatorContext {
  return {
    operator: operatorOf(request).name,
    dryRun: request.query.dryRun === true,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Who acts on a user, and under which key. */
export async function actContextOf(
  { db }: Pick<Services, "db">,
  request: FastifyRequest,
): Promise<ActContext> {
  const { name, role } = operatorOf(request);
  return {
    operator: name,
    person: await personOf(db, name),
    role,
    dryRun: isDryRun(request),
    idempotency: idempotencyOf(request),
  };
}
