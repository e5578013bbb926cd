/**
 * CORS as the outermost layer: every path, status and method, errors and unknown routes included
 * (docs/incidents.md B2). Clients send no cookies, so `*` is the base. An allow-listed origin is
 * echoed with credentials; `null` is answered with `*` (docs/contract.md 1).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";

const ALLOWED_HEADERS = [
  "Content-Type",
  "Authorization",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "X-Request-Id",
  "X-App-Id",
];

/** Every header that a route sets and that a browser would otherwise hide from the page. */
const EXPOSED_HEADERS = [
  "Allow",
  "Content-Disposition",
  "ETag",
  "Idempotency-Replayed",
  "Retry-After",
  "X-Closing-Balance",
  "X-NewDay-Build",
  "X-Opening-Balance",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "X-Request-Id",
];

const BASE_HEADERS = {
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "access-control-allow-headers": ALLOWED_HEADERS.join(", "),
  "access-control-expose-headers": EXPOSED_HEADERS.join(", "),
  // A day: saves one round trip for each poll of each open tab.
  "access-control-max-age": "86400",
} as const;

const OTHER_ORIGIN = { ...BASE_HEADERS, "access-control-allow-origin": "*", vary: "Origin" };

export type HeadersFor = (request: FastifyRequest) => Readonly<Record<string, string>>;

/**
 * Returns a function that gives the headers of a reply by the origin of its request: those of CORS and
 * the `fixed` ones. Each origin's headers are built once, because every reply carries them; those of the
 * platforms' own origins, which operators change, with each reply.
 */
export function corsHeaders(
  allowedOrigins: readonly string[],
  fixed: Readonly<Record<string, string>>,
  platformOrigins: () => ReadonlySet<string>,
): HeadersFor {
  const otherOrigin = { ...OTHER_ORIGIN, ...fixed };
  const headersOf = (origin: string) => ({
    ...BASE_HEADERS,
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    vary: "Origin",
    ...fixed,
  });
  const known = new Map(
    allowedOrigins
      .filter((origin) => origin !== "null")
      .map((origin) => [origin, headersOf(origin)]),
  );
  return ({ headers: { origin } }) => {
    if (origin === undefined) return otherOrigin;
    return known.get(origin) ?? (platformOrigins().has(origin) ? headersOf(origin) : otherOrigin);
  };
}

/** A token of RFC 9110; no header name in use is longer. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
/** Tracing adds a handful; the bound keeps the reply small. */
const REFLECTED_HEADERS_MAX = 50;

/**
 * Answers every preflight with 204, on known and unknown paths.
 *
 * Requested header names are reflected: monitoring in a partner's page (`traceparent`, `sentry-trace`) adds
 * headers that no list can foresee, and this server reads none of them. Private Network Access is granted
 * where `privateNetwork` says so: by a sandbox, whose pages call a developer's own machine.
 */
export function addPreflight(app: FastifyInstance, privateNetwork: boolean): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (request.method !== "OPTIONS") return done();
    const asked = request.headers["access-control-request-headers"];
    if (asked !== undefined) void reply.header("access-control-allow-headers", reflect(asked));
    if (privateNetwork && request.headers["access-control-request-private-network"] === "true")
      void reply.header("access-control-allow-private-network", "true");
    void reply.header("vary", PREFLIGHT_VARY).code(204).send();
  });
}

const PREFLIGHT_VARY =
  "Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network";

function reflect(asked: string): string {
  const known = new Set(ALLOWED_HEADERS.map((name) => name.toLowerCase()));
  const names = asked.split(",").map((name) => name.trim());
  const more = names.filter((name) => HEADER_NAME.test(name) && !known.has(name.toLowerCase()));
  return [...ALLOWED_HEADERS, ...new Set(more.slice(0, REFLECTED_HEADERS_MAX))].join(", ");
}
