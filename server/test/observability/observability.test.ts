/** Metrics, dashboard, alerts and their pages belong together; traces and the access log show no secret. */
import { existsSync, readFileSync } from "node:fs";
import { ROOT_CONTEXT, trace, type Attributes, type Span, type Tracer } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { countAll } from "../../src/integrity/economy/count-economy.ts";
import { auditToEnd } from "../../src/integrity/continuous/advance-audit.ts";
import { INVARIANTS, pageOfInvariant } from "../../src/integrity/continuous/invariants.ts";
import { startTracing, stopTracing } from "../../src/lib/tracing.ts";
import { startTraceExport } from "../../src/start/export-traces.ts";
import { useTestApp } from "../support/app.ts";
import { logIn } from "../support/market.ts";
import { onTestFinished, share } from "../support/test-end.ts";

const DASHBOARD = readFileSync("docs/observability/grafana-dashboard.json", "utf8");
const ALERTS = readFileSync("docs/observability/alerts.yaml", "utf8");
const METRIC = /\b(?:newday|http|process|nodejs)_[a-z0-9_]+\b/g;

function metricsOf(text: string): string[] {
  const names = text.match(METRIC) ?? [];
  return [...new Set(names.map((name) => name.replace(/_bucket$/, "")))];
}

/** Both languages of a page. */
function expectPage(page: string): void {
  for (const file of [page, page.replace(/\.md$/, "-zh.md")])
    expect(existsSync(file), file).toBe(true);
}

describe("what Prometheus and Grafana are given", () => {
  const world = share(async () => {
    const test = await useTestApp();
    await logIn(test, "ada");
    await countAll(test.services.db);
    await auditToEnd(test.services);
    await test.app.inject("/api/v1/no-such-path");
    return { ...test, metrics: (await test.app.inject("/metrics")).body };
  });

  it("names metrics that a running server has", () => {
    const named = [...metricsOf(DASHBOARD), ...metricsOf(ALERTS)];
    expect(named.length).toBeGreaterThan(15);
    for (const name of named) expect(world().metrics, name).toContain(`# TYPE ${name} `);
  });

  it("has routes as templates and refusals by code", () => {
    const { metrics } = world();
    expect(metrics).toContain('http_request_duration_seconds_count{method="any",route="(none)"} 1');
    expect(metrics).toContain('newday_refusals_total{code="not_found"} 1');
    expect(metrics).toContain("newday_database_up 1");
    expect(metrics).toMatch(
      /newday_economy_held\{currency="game_coins",platform="[a-z]+"\} [0-9]+/,
    );
  });

  it("has a page in both languages for each alert and each invariant", () => {
    const alerts = ALERTS.match(/- alert: /g) ?? [];
    const pages = [...ALERTS.matchAll(/runbook: (\S+)/g)].map(([, page = ""]) => page);
    expect(pages).toHaveLength(alerts.length);
    for (const page of pages) expectPage(page);
    for (const { id } of INVARIANTS) expectPage(pageOfInvariant(id));
    expectPage(pageOfInvariant("whole_books"));
  });
});

interface Recorded {
  name: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
}

/** A provider of the API that keeps the spans; the SDK is no dependency. */
function useRecordedSpans(): Recorded[] {
  const spans: Recorded[] = [];
  const startSpan: Tracer["startSpan"] = (name, options = {}, parent = ROOT_CONTEXT) => {
    const recorded = {
      name,
      parent: trace.getSpanContext(parent)?.traceId,
      attributes: { ...options.attributes },
    };
    spans.push(recorded);
    const span = trace.wrapSpanContext({
      traceId: "1".repeat(32),
      spanId: "2".repeat(16),
      traceFlags: 1,
    });
    const own: Partial<Span> = {
      updateName: (later) => ((recorded.name = later), span),
      setAttributes: (more) => (Object.assign(recorded.attributes, more), span),
    };
    return Object.assign(span, own);
  };
  const startActiveSpan = (name: string, options: object, work: (span: Span) => unknown) =>
    work(startSpan(name, options));
  const getTracer = () => ({ startSpan, startActiveSpan }) as unknown as Tracer;
  trace.setGlobalTracerProvider({ getTracer });
  startTracing();
  onTestFinished(() => {
    stopTracing();
    trace.disable();
  });
  return spans;
}

describe("traces", () => {
  it("continue the caller's, with the route, the batch and the statements", async () => {
    const { app, services } = await useTestApp();
    const spans = useRecordedSpans();
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    await app.inject({
      url: "/api/shared/wallet/hushed-user?token=hushed-word",
      headers: {
        traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
        authorization: "Bearer hushed-key",
      },
    });
    await logIn({ app, services }, "ada");
    const request = spans.find(({ parent }) => parent === traceId);
    expect(request?.attributes["http.response.status_code"]).toBeTypeOf("number");
    expect(request?.name).toMatch(/^GET \/api\/shared/);
    expect(new Set(spans.map(({ name }) => name))).toContain("newday.batch");
    expect(new Set(spans.map(({ name }) => name))).toContain("newday.statement");
    expect(JSON.stringify(spans)).not.toContain("hushed");
  });

  it("say in words which packages the exporter needs", () => {
    expect(startTraceExport(undefined)).toBeUndefined();
    expect(() => startTraceExport("http://localhost:4318")).toThrow(
      "npm install --no-save @opentelemetry/sdk-trace-node",
    );
  });
});

describe("the log's settings", () => {
  const read = (env: Record<string, string>) => readConfig(env, "/nonexistent");

  it("are warn and no access log, unless they are set", () => {
    expect(read({})).toMatchObject({ logLevel: "warn", accessLog: false });
    expect(read({ NEWDAY_ACCESS_LOG: "on" })).toMatchObject({ logLevel: "info", accessLog: true });
    expect(read({ NEWDAY_LOG_LEVEL: "debug" })).toMatchObject({ logLevel: "debug" });
  });

  it("are refused where they say nothing known", () => {
    for (const env of [{ NEWDAY_LOG_LEVEL: "loud" }, { NEWDAY_ACCESS_LOG: "yes" }])
      expect(() => read(env)).toThrow(Object.keys(env)[0]);
  });
});
