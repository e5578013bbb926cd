/** /api/admin as one scope of the application: operators, their validation and an OpenAPI document of its own. */
import cookie from "@fastify/cookie";
import type { FastifyInstance } from "fastify";
import type { Services } from "../context/services.ts";
import { requireAdopted } from "../auth/actor.ts";
import { addOpenapi, type Surface } from "../v1/app/openapi.ts";
import type { V1App } from "../v1/app/v1-app.ts";
import { addValidation } from "../v1/request/validation.ts";
import { refuseUnknownQueries } from "../v1/v1-plugin.ts";
import { requireIdempotencyKey } from "../context/idempotency-key.ts";
import { isDryRun } from "../v1/request/post-operation.ts";
import { identifyOperator, SESSION_COOKIE } from "./app/operator-of-request.ts";
import { auditRoutes } from "./routes/audit.ts";
import { economyRoutes } from "./routes/economy.ts";
import { repairRoutes } from "./routes/repair.ts";
import { overviewRoute } from "./routes/overview.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { operatorAccountRoutes } from "./routes/operator-accounts.ts";
import { operatorActRoutes } from "./routes/operator-acts.ts";
import { getUserRoutes } from "./routes/get-user.ts";
import { listUsersRoute } from "./routes/list-users.ts";
import { itemRoutes } from "./routes/items.ts";
import { listingRoutes } from "./routes/listings.ts";
import { transferRoutes } from "./routes/transfers.ts";
import { operatorKeyRoutes } from "./routes/operator-keys.ts";
import { ownAccountRoutes } from "./routes/own-account.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { thingActRoutes } from "./routes/thing-acts.ts";
import { userActRoutes } from "./routes/user-acts.ts";
import { budgetRoutes } from "./routes/budgets.ts";
import { currencyRoutes } from "./routes/currencies.ts";
import { platformKeyRoutes } from "./routes/platform-keys.ts";
import { platformRoutes } from "./routes/platforms.ts";
import { stockRoutes } from "./routes/stock.ts";
import { userDataRoutes } from "./routes/user-data.ts";
import { ADMIN_COMPONENTS } from "./app/schemas-admin.ts";

const SURFACE: Surface = {
  title: "New Day, operators",
  description: `The operators' API, which the console and the commands call.

People sign in and hold a cookie; whatever changes something carries the session's \`X-CSRF-Token\`.
Machines send a key. Every act is recorded with who did what to whom and why. Errors are RFC 9457.`,
  securitySchemes: {
    cookie: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
    bearer: { type: "http", scheme: "bearer" },
  },
  callersOf: ({ operators }) =>
    operators && {
      who: `Operators need the role \`${operators.role}\` or a higher one.`,
      security: [{ cookie: [] }, { bearer: [] }],
    },
};

/** Registers the scope; await it, so that the routes exist before their methods are counted. */
export async function addAdmin(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(
    async (scope) => {
      addValidation(scope, ADMIN_COMPONENTS);
      refuseUnknownQueries(scope);
      await addOpenapi(scope, SURFACE);
      await scope.register(cookie);
      addOperators(scope, services);
      const admin = scope as unknown as V1App;
      signInRoutes(admin, services);
      ownAccountRoutes(admin, services);
      operatorAccountRoutes(admin, services);
      operatorKeyRoutes(admin, services);
      operatorActRoutes(admin, services);
      userActRoutes(admin, services);
      thingActRoutes(admin, services);
      economyRoutes(admin, services);
      auditRoutes(admin, services);
      repairRoutes(admin, services);
      overviewRoute(admin, services);
      listUsersRoute(admin, services);
      approvalRoutes(admin, services);
      getUserRoutes(admin, services);
      userDataRoutes(admin, services);
      itemRoutes(admin, services);
      listingRoutes(admin, services);
      transferRoutes(admin, services);
      platformRoutes(admin, services);
      platformKeyRoutes(admin, services);
      currencyRoutes(admin, services);
      budgetRoutes(admin, services);
      stockRoutes(admin, services);
    },
    { prefix: "/api/admin" },
  );
}

function addOperators(scope: FastifyInstance, services: Services): void {
  scope.decorateRequest("operator", null);
  scope.decorateRequest("idempotencyKey", null);
  scope.decorateRequest("storedKey", null);
  // Before the body is parsed: an unauthenticated body costs nothing.
  scope.addHook("preParsing", async (request) => {
    const { operators } = request.routeOptions.config;
    if (operators) request.operator = await identifyOperator(services, request, operators);
  });
  // Before the schema is checked: a key in the body deserves its own refusal.
  scope.addHook("preValidation", async (request) => {
    // A dry run works with or without a key; with one it shows that key's outcome.
    const wantsKey = !isDryRun(request) || Boolean(request.headers["idempotency-key"]);
    if (request.routeOptions.config.writes && wantsKey) {
      await requireAdopted(services);
      request.idempotencyKey = requireIdempotencyKey(request);
    }
    // A request without body omits every field.
    if (request.method !== "GET") request.body ??= {};
  });
}
