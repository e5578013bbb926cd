/**
 * /api/v1 as one scope of the application: its validation, caller, idempotency keys and OpenAPI
 * document apply to the routes registered in it only.
 */
import { findStoredKey } from "./request/stored-key.ts";
import type { FastifyInstance } from "fastify";
import { identify, type Access } from "./app/caller.ts";
import { requireAdopted } from "../auth/actor.ts";
import { requireIdempotencyKey } from "../context/idempotency-key.ts";
import { addOpenapi, type Surface } from "./app/openapi.ts";
import { isDryRun } from "./request/post-operation.ts";
import { COMPONENTS } from "./schemas/components.ts";
import { strictObject } from "./schemas/schemas.ts";
import { addValidation } from "./request/validation.ts";
import type { V1App } from "./app/v1-app.ts";
import { v1Routes } from "./routes/v1-routes.ts";
import type { Services } from "../context/services.ts";

const NO_QUERY = strictObject({});

const SURFACE: Surface = {
  title: "New Day",
  description: `One wallet, inventory and market for every user of every platform.

Amounts are decimal strings of minor units. Every request that moves money or items carries an
\`Idempotency-Key\`; repeating it repeats the first answer. Errors are RFC 9457 with a stable \`code\`.`,
  securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
  callersOf: ({ access }) =>
    access && {
      who: whoMayCall(access),
      security: [{ bearer: [] }],
    },
};

function whoMayCall({ scope, users }: Access): string {
  if (scope === null) return "For users, with the token of a session; keys are refused.";
  return `Keys need the scope \`${scope}\`${users ? "; users may call it for themselves" : ""}.`;
}

/** Registers the scope; await it, so that the routes exist before their methods are counted. */
export async function addV1(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(
    async (scope) => {
      addValidation(scope, COMPONENTS);
      refuseUnknownQueries(scope);
      await addOpenapi(scope, SURFACE);
      addGuards(scope, services);
      v1Routes(scope as unknown as V1App, services);
    },
    { prefix: "/api/v1" },
  );
}

/**
 * An unread query is refused like an unread field: `?dryRun=true` on a route without dry run would
 * post for real.
 */
export function refuseUnknownQueries(scope: FastifyInstance): void {
  scope.addHook("onRoute", (route) => {
    const { schema } = route;
    if (schema && !("hide" in schema)) schema.querystring ??= NO_QUERY;
  });
}

function addGuards(scope: FastifyInstance, services: Services): void {
  scope.decorateRequest("caller", null);
  scope.decorateRequest("idempotencyKey", null);
  scope.decorateRequest("storedKey", null);
  // Before the body is parsed: an unauthenticated body costs nothing. After the limits per address,
  // which run `onRequest` and slow down the guessing of keys.
  scope.addHook("preParsing", async (request) => {
    const { access } = request.routeOptions.config;
    if (!access) return;
    request.caller = await identify(services, request, access);
    await requireAdopted(services);
  });
  // Before the schema is checked: a key in the body deserves its own refusal.
  scope.addHook("preValidation", async (request) => {
    // A dry run works with or without a key; with one it shows that key's outcome.
    const wantsKey = !isDryRun(request) || Boolean(request.headers["idempotency-key"]);
    if (request.routeOptions.config.writes && wantsKey)
      request.idempotencyKey = requireIdempotencyKey(request);
    // A request without body omits every field.
    if (request.method !== "GET") request.body ??= {};
  });
  scope.addHook("preHandler", async (request) => {
    if (request.idempotencyKey !== null)
      request.storedKey = (await findStoredKey(services, request)) ?? null;
  });
}
