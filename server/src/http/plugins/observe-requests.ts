/** One span and, where it is asked for, one log line for each request. Neither has a header, a body or a query. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { startRequestSpan, type RequestSpan } from "../../lib/tracing.ts";

/** The template of the matched route: values in a path may be secret, and there are endlessly many. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "(none)";
}

export function observeRequests(
  app: FastifyInstance,
  { accessLog }: { readonly accessLog: boolean },
): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  app.addHook("onRequest", (request, _reply, done) => {
    const sent = request.headers["traceparent"];
    const span = startRequestSpan(typeof sent === "string" ? sent : undefined);
    if (!span) return done();
    spans.set(request, span);
    span.run(done);
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { method, id, refusedWith } = request;
    const { statusCode } = reply;
    const route = routeOf(request);
    spans.get(request)?.end(`${method} ${route}`, {
      "http.request.method": method,
      "http.route": route,
      "http.response.status_code": statusCode,
      "newday.request_id": id,
      ...(refusedWith === undefined ? {} : { "newday.code": refusedWith }),
      failed: statusCode >= 500,
    });
    if (accessLog)
      request.log.info(
        {
          requestId: id,
          method,
          route,
          statusCode,
          code: refusedWith,
          ms: Math.round(reply.elapsedTime),
        },
        "request",
      );
    done();
  });
}
