import type { FastifyInstance, FastifyRequest } from "fastify";
import { collectDefaultMetrics, register, Counter, Gauge, Histogram } from "prom-client";
import type { PostingEngine } from "../../engine/operation.ts";
import type { Config } from "../../config.ts";
import { NewDayError } from "../../errors/errors.ts";
import { bearerToken } from "../auth/authenticate.ts";
import { isOneOf } from "../auth/authenticate-service.ts";
import { UNLIMITED } from "../plugins/rate-limits.ts";
import type { Services } from "../context/services.ts";
import { routeOf } from "../plugins/observe-requests.ts";
import { measureIntegrity } from "./integrity-metrics.ts";

/** Eight series a route. */
const DURATION_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10];

/** `/metrics` in Prometheus' text form: the process, request results, and the posting engine. */
export function metricsRoute(app: FastifyInstance, services: Services): void {
  const { engine, config, build, db } = services;
  register.clear(); // a test builds several apps in one process
  collectDefaultMetrics();
  const requests = new Counter({
    name: "newday_http_requests_total",
    help: "HTTP requests by status class",
    labelNames: ["status"],
  });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time until a request was answered, by route",
    labelNames: ["method", "route"],
    buckets: DURATION_BUCKETS,
  });
  const refusals = new Counter({
    name: "newday_refusals_total",
    help: "Requests that were refused, by code of the error",
    labelNames: ["code"],
  });
  measureBuild(build);
  measurePool(db);
  measurePosting(engine);
  const readIntegrity = measureIntegrity(db);
  app.addHook("onResponse", (request, reply, done) => {
    requests.inc({ status: `${Math.trunc(reply.statusCode / 100)}xx` });
    // Routes are templates and methods those that have a route, so series are few.
    const method = request.routeOptions.url === undefined ? "any" : request.method;
    durations.observe({ method, route: routeOf(request) }, reply.elapsedTime / 1_000);
    if (request.refusedWith !== undefined) refusals.inc({ code: request.refusedWith });
    done();
  });
  app.get("/metrics", UNLIMITED, async (request, reply) => {
    requireMetricsKey(config, request);
    await readIntegrity();
    return reply.type(register.contentType).send(await register.metrics());
  });
}

/**
 * Rates and memory are of use to an attacker, so production shows them to the holder of NEWDAY_METRICS_KEY
 * only. Errors: `forbidden` in production without the setting, `invalid_token`.
 */
function requireMetricsKey({ mode, metricsKey }: Config, request: FastifyRequest): void {
  if (metricsKey === undefined && mode === "sandbox") return;
  if (metricsKey === undefined)
    throw new NewDayError("forbidden", {
      rule: {
        en: "metrics are closed in production while NEWDAY_METRICS_KEY is not set",
        zh: "生产模式下需设置 NEWDAY_METRICS_KEY 才能读取指标",
      },
      remedy: {
        en: "Set NEWDAY_METRICS_KEY and send it as `Authorization: Bearer <key>`.",
        zh: "请设置 NEWDAY_METRICS_KEY，并以 Authorization: Bearer <key> 发送",
      },
    });
  if (!isOneOf(bearerToken(request) ?? "", [metricsKey]))
    throw new NewDayError("invalid_token", {
      field: "Authorization",
      rule: { en: "must be `Bearer <NEWDAY_METRICS_KEY>`", zh: "需要指标密钥" },
    });
}

function measureBuild({ version, id }: Services["build"]): void {
  const info = new Gauge({
    name: "newday_build_info",
    help: "1, with the version and the build as labels",
    labelNames: ["version", "build"],
  });
  info.set({ version, build: id }, 1);
}

function measurePool(db: Services["db"]): void {
  new Gauge({
    name: "newday_database_pool",
    help: "Connections of the pool: open, idle, and callers that wait for one",
    labelNames: ["state"],
    collect() {
      for (const [state, count] of Object.entries(db.poolCounts())) this.set({ state }, count);
    },
  });
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
    cache_reads: "Rows that decisions asked the row cache for",
    cache_hits: "Rows of those that the cache had",
  } as const;
  const counterOf = {
    operations: "operations",
    batches: "batches",
    repeats: "repeats",
    cache_reads: "cacheReads",
    cache_hits: "cacheHits",
  } as const;
  for (const name of ["operations", "batches", "repeats", "cache_reads", "cache_hits"] as const)
    new Counter({
      name: `newday_posting_${name}_total`,
      help: counted[name],
      collect() {
        this.reset();
        this.inc(engine.counters()[counterOf[name]]);
      },
    });
}
