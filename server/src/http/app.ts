/** Builds the HTTP application from its services: plugins first, then every route by name. */
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { randomUUID } from "node:crypto";
import { addErrorHandler, sendError, toNewDayError } from "./plugins/error-handler.ts";
import { createLazySerializers } from "./plugins/lazy-serializers.ts";
import {
  answerClientError,
  doubledHeader,
  hostMissing,
  serveWhatIsExpected,
} from "./plugins/client-errors.ts";
import { addPreflight, corsHeaders } from "./plugins/cors.ts";
import { addJsonBody, BODY_BYTES_MAX } from "./plugins/json-body.ts";
import { collectMethods, refuseUnknownMethods } from "./plugins/methods.ts";
import { collectRouteTable } from "./plugins/route-table.ts";
import { observeRequests } from "./plugins/observe-requests.ts";
import { refuseWhileStopping } from "./plugins/refuse-while-stopping.ts";
import { addRateLimits } from "./plugins/rate-limits.ts";
import { authSessionRoutes } from "./contract/allinone/auth-sessions.ts";
import { getInventoryRoute } from "./contract/allinone/get-inventory.ts";
import { getMarketItemsRoute } from "./contract/allinone/get-market-items.ts";
import { getWalletBalanceRoute } from "./contract/allinone/get-wallet-balance.ts";
import { inventorySyncRoutes } from "./contract/allinone/inventory-sync.ts";
import { postAuthLoginRoute } from "./contract/allinone/post-auth-login.ts";
import { postInventoryAddRoute } from "./contract/allinone/post-inventory-add.ts";
import { postMarketListRoute } from "./contract/allinone/post-market-list.ts";
import { postMarketPurchaseRoute } from "./contract/allinone/post-market-purchase.ts";
import { postMarketTransferRoute } from "./contract/allinone/post-market-transfer.ts";
import { adventureItemRoutes } from "./contract/game/adventure-items.ts";
import { walletCallRoutes } from "./contract/game/wallet-calls.ts";
import { docsPageRoutes } from "./docs/docs-pages.ts";
import { healthRoutes } from "./operations/health.ts";
import { metricsRoute } from "./operations/metrics.ts";
import { countTraffic } from "./context/traffic.ts";
import { entryPointRoutes } from "./pages/entry-points.ts";
import { loginLinkRoute } from "./pages/login-link.ts";
import { pageRoutes } from "./pages/pages.ts";
import { getSharedWalletRoute } from "./contract/shared/get-wallet.ts";
import { marketplaceRoutes } from "./contract/shared/marketplace.ts";
import type { Services } from "./context/services.ts";
import { addTargetCheck } from "./plugins/utf8-target.ts";
import { addAdmin } from "./admin/admin-plugin.ts";
import { addV1 } from "./v1/v1-plugin.ts";

/**
 * Long enough for 255 characters percent-encoded, so that the id rule answers before the router
 * does.
 */
const PARAM_LENGTH_MAX = 4096;
/** Clients give up after 10 s (docs/contract.md 1), so a connection is held hardly longer. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Node compares with the timeout at this pace; its own 30 s would let a slow body live three times as long. */
const TIMEOUT_CHECK_MS = 1_000;
/** The client's own request id is echoed when it is harmless. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Returns the application, ready to listen or to be injected into. Settings come from its arguments
 * only. `addMore` is for benchmarks, which measure routes of their own beside the real ones.
 */
export async function buildApp(
  services: Services,
  addMore: (app: FastifyInstance) => void = () => undefined,
): Promise<FastifyInstance> {
  const fixed = {
    "x-newday-build": services.build.id,
    "x-content-type-options": "nosniff",
    // Balances, items and tokens belong to one caller; pages and documents set their own.
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  };
  const headersOf = corsHeaders(services.config.allowedOrigins, fixed, () =>
    services.platforms.origins(),
  );
  const addHeaders = (request: FastifyRequest, reply: FastifyReply) =>
    void reply.headers(headersOf(request)).header("x-request-id", request.id);
  const buildSerializer = createLazySerializers((error) =>
    app.log.error({ err: error }, "stored data breaks the schema of its reply; sent as plain JSON"),
  );
  const app = Fastify({
    logger: { level: services.config.logLevel, stream: process.stderr },
    // A log line per request costs 25 to 30 microseconds, measured; faults are logged where they
    // happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: false, // refuse-while-stopping.ts answers
    genReqId: ({ headers }) => {
      const sent = headers["x-request-id"];
      return typeof sent === "string" && REQUEST_ID.test(sent) ? sent : randomUUID();
    },
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX, ignoreTrailingSlash: true },
    schemaController: { compilersFactory: { buildSerializer } },
    clientErrorHandler: answerClientError,
    http: {
      requireHostHeader: false, // Node's own refusal has an empty body; the hook below writes one
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    // Replaces the hooks for an undecodable URL.
    frameworkErrors: (error, request, reply) => {
      addHeaders(request, reply);
      void sendError(toNewDayError(error), request, reply as never);
    },
  });
  app.addHook("onRequest", (request, reply, done) => {
    addHeaders(request, reply);
    const { httpVersion, headers, rawHeaders } = request.raw;
    const isHostMissing = httpVersion === "1.1" && headers.host === undefined;
    done(isHostMissing ? hostMissing() : doubledHeader(rawHeaders));
  });
  observeRequests(app, services.config);
  refuseWhileStopping(app);
  serveWhatIsExpected(app.server);
  addPreflight(app, services.config.mode === "sandbox");
  addTargetCheck(app);
  addJsonBody(app);
  addErrorHandler(app);
  await addRateLimits(app, services);
  // Runs when the last request has been answered: its postings are durable, later ones are refused.
  app.addHook("onClose", () => services.engine.drain());
  app.addHook("onClose", () => services.credentials.close());
  const methods = collectMethods(app);
  const endRouteTable = collectRouteTable(app);
  refuseUnknownMethods(app, methods.methodsOf);
  addRoutes(app, services);
  await addV1(app, services);
  await addAdmin(app, services);
  addMore(app);
  endRouteTable();
  methods.addMethodRefusals();
  await app.ready();
  return app;
}

function addRoutes(app: FastifyInstance, services: Services): void {
  countTraffic(app, services.traffic);
  metricsRoute(app, services);
  docsPageRoutes(app);
  healthRoutes(app, services);
  pageRoutes(app);
  entryPointRoutes(app, services);
  loginLinkRoute(app, services);
  getSharedWalletRoute(app, services);
  postAuthLoginRoute(app, services);
  authSessionRoutes(app, services);
  getWalletBalanceRoute(app, services);
  getInventoryRoute(app, services);
  postInventoryAddRoute(app, services);
  inventorySyncRoutes(app, services);
  getMarketItemsRoute(app, services);
  postMarketListRoute(app, services);
  postMarketPurchaseRoute(app, services);
  postMarketTransferRoute(app, services);
  marketplaceRoutes(app, services);
  walletCallRoutes(app, services);
  adventureItemRoutes(app, services);
}
