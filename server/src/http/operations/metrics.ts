import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, register, Counter, Gauge } from "prom-client";
import type { PostingEngine } from "../../engine/operation.ts";
import type { Services } from "../context/services.ts";

/** `/metrics` in Prometheus' text form: the process, request results, and the posting engine. */
export function metricsRoute(app: FastifyInstance, { engine }: Services): void {
  register.clear(); // a test builds several apps in one process
  collectDefaultMetrics();
  const requests = new Counter({
    name: "newday_http_requests_total",
    help: "HTTP requests by status class",
    labelNames: ["status"],
  });
  measurePosting(engine);
  app.addHook("onResponse", (_request, reply, done) => {
    requests.inc({ status: `${Math.trunc(reply.statusCode / 100)}xx` });
    done();
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
}

/** Read at each scrape: the engine keeps its own counters. */
function measurePosting(engine: PostingEngine): void {
  new Gauge({
    name: "newday_posting_queue_depth",
    help: "Operations taken by the posting engine and not answered yet",
    collect() {
      this.set(engine.queueDepth());
    },
  });
  const counted = {
    operations: "Operations answered by the posting engine",
    batches: "Batches posted",
    repeats: "Times that a batch had to go again: with locks, alone, or on a new connection",
  } as const;
  for (const name of ["operations", "batches", "repeats"] as const)
    new Counter({
      name: `newday_posting_${name}_total`,
      help: counted[name],
      collect() {
        this.reset();
        this.inc(engine.counters()[name]);
      },
    });
}
