/**
 * CORS as the outermost layer: every path, status and method, errors and unknown routes included
 * (docs/incidents.md B2). Clients send no cookies, so `*` is the base. An allow-listed origin is
 * echoed with credentials; `null` is answered with `*` (docs/contract.md 1).
 */
import type { FastifyInstance, FastifyRequest } from "fastify";

const BASE_HEADERS = {
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
  "access-control-allow-headers":
    "Content-Type, Authorization, Idempotency-Key, If-Match, X-Request-Id, X-App-Id",
  "access-control-expose-headers":
    "X-Request-Id, X-NewDay-Build, Retry-After, ETag, Idempotency-Replayed, Allow",
  // A day: saves one round trip for each poll of each open tab.
  "access-control-max-age": "86400",
} as const;

const STRANGER = { ...BASE_HEADERS, "access-control-allow-origin": "*", vary: "Origin" };

export type HeadersFor = (request: FastifyRequest) => Readonly<Record<string, string>>;

/** The headers of every reply, by the origin of its request. */
export function corsHeaders(allowedOrigins: readonly string[]): HeadersFor {
  const known = new Map(
    allowedOrigins
      .filter((origin) => origin !== "null")
      .map((origin) => [
        origin,
        {
          ...BASE_HEADERS,
          "access-control-allow-origin": origin,
          "access-control-allow-credentials": "true",
          vary: "Origin",
        },
      ]),
  );
  return ({ headers }) => known.get(headers.origin ?? "") ?? STRANGER;
}

/** Answers every preflight with 204, on known and unknown paths. */
export function addPreflight(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (request.method === "OPTIONS") void reply.code(204).send();
    else done();
  });
}
