import type { FastifyInstance, FastifyRequest } from "fastify";
import { collectDefaultMetrics, register, Counter, Gauge } from "prom-client";
import type { PostingEngine } from "../../engine/operation.ts";
import type { Config } from "../../config.ts";
import { NewDayError } from "../../errors/errors.ts";
import { bearerToken } from "../auth/authenticate.ts";
import { isOneOf } from "../auth/authenticate-service.ts";
import { UNLIMITED } from "../plugins/rate-limits.ts";
import type { Services } from "../context/services.ts";

/** `/metrics` in Prometheus' text form: the process, request results, and the posting engine. */
export function metricsRoute(app: FastifyInstance, { engine, config }: Services): void {
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
  app.get("/metrics", UNLIMITED, async (request, reply) => {
    requireMetricsKey(config, request);
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
