import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, register, Counter } from "prom-client";

/** `/metrics` in Prometheus' text form: the process, and how many requests ended how. */
export function metricsRoute(app: FastifyInstance): void {
  register.clear(); // a test builds several apps in one process
  collectDefaultMetrics();
  const requests = new Counter({
    name: "newday_http_requests_total",
    help: "HTTP requests by status class",
    labelNames: ["status"],
  });
  app.addHook("onResponse", (_request, reply, done) => {
    requests.inc({ status: `${Math.trunc(reply.statusCode / 100)}xx` });
    done();
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
}
